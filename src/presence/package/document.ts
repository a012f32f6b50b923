/**
 * A document that differs between watchers in two places only. It is encoded once for each board, package and
 * profile; the places are filled for each NOTIFY.
 */
export interface DocumentTemplate {
  readonly contentType: string;
  /** The text between the places. */
  readonly parts: readonly string[];
  /** What goes between `parts[i]` and `parts[i + 1]`. */
  readonly places: readonly ('entity' | 'version')[];
}

// No XML document can hold these (XML 1.0 §2.2), so they mark the places while it is written.
/** Stands for the URI that the watcher asked for. */
export const ENTITY = '\u0001';
/** Stands for the version of the document in this subscription. */
export const VERSION = '\u0002';

/** A template from text that holds ENTITY and VERSION where the places are. */
export function compileDocument(contentType: string, text: string): DocumentTemplate {
  const parts: string[] = [];
  const places: ('entity' | 'version')[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char !== ENTITY && char !== VERSION) continue;
    parts.push(text.slice(from, at));
    places.push(char === ENTITY ? 'entity' : 'version');
    from = at + 1;
  }
  parts.push(text.slice(from));
  return { contentType, parts, places };
}

/** The document for one watcher. `entity` is already escaped. */
export function fillDocument(template: DocumentTemplate, entity: string, version: number): string {
  const { parts, places } = template;
  let text = parts[0] ?? '';
  for (let index = 0; index < places.length; index += 1) {
    text += (places[index] === 'entity' ? entity : version) + (parts[index + 1] ?? '');
  }
  return text;
}
