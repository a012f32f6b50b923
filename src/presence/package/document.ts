/** What a document holds that differs between watchers: the URI that was asked for, parts of it, and the version. */
type Place = 'entity' | 'user' | 'host' | 'version';

/**
 * A document that differs between watchers in few places only. It is encoded once for each board, package and
 * profile; the places are filled for each NOTIFY.
 */
export interface DocumentTemplate {
  readonly contentType: string;
  /** The text between the places. */
  readonly parts: readonly string[];
  /** What goes between `parts[i]` and `parts[i + 1]`. */
  readonly places: readonly Place[];
}

// No XML document can hold these (XML 1.0 §2.2), so they mark the places while it is written.
/** Stands for the URI that the watcher asked for. */
export const ENTITY = '\u0001';
/** Stands for the version of the document in this subscription. */
export const VERSION = '\u0002';
/** Stands for the user part of the URI that the watcher asked for. */
export const USER = '\u0003';
/** Stands for its host, with the port if it has one. */
export const HOST = '\u0004';

const PLACES: Readonly<Record<string, Place>> = {
  [ENTITY]: 'entity',
  [VERSION]: 'version',
  [USER]: 'user',
  [HOST]: 'host',
};

/** A template from text that holds ENTITY, VERSION, USER and HOST where the places are. */
export function compileDocument(contentType: string, text: string): DocumentTemplate {
  const parts: string[] = [];
  const places: Place[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const place = PLACES[text.charAt(at)];
    if (place === undefined) continue;
    parts.push(text.slice(from, at));
    places.push(place);
    from = at + 1;
  }
  parts.push(text.slice(from));
  return { contentType, parts, places };
}

/** The template for the watchers that asked for the same URI: only the version is left to be filled in. */
export function addressDocument(template: DocumentTemplate, entity: string): DocumentTemplate {
  const parts: string[] = [];
  const places: Place[] = [];
  let pieces = [template.parts[0] ?? ''];
  for (const [index, place] of template.places.entries()) {
    if (place === 'version') {
      parts.push(pieces.join(''));
      places.push(place);
      pieces = [];
    } else pieces.push(String(fillPlace(place, entity, 0)));
    pieces.push(template.parts[index + 1] ?? '');
  }
  parts.push(pieces.join(''));
  return { contentType: template.contentType, parts, places };
}

/** The document for one watcher. `entity` is a URI of the form `sip:user@host`, already escaped. */
export function fillDocument(template: DocumentTemplate, entity: string, version: number): string {
  const { parts, places } = template;
  let text = parts[0] ?? '';
  for (let index = 0; index < places.length; index += 1) {
    text += fillPlace(places[index] ?? 'entity', entity, version) + (parts[index + 1] ?? '');
  }
  return text;
}

function fillPlace(place: Place, entity: string, version: number): string | number {
  switch (place) {
    case 'entity':
      return entity;
    case 'version':
      return version;
    case 'user':
      return entity.slice(entity.indexOf(':') + 1, entity.lastIndexOf('@'));
    case 'host':
      return entity.slice(entity.lastIndexOf('@') + 1);
  }
}
