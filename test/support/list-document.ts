import type { ByteString } from '../../src/sip/message.ts';
import { readMultipart } from './multipart.ts';
import { isWellFormed } from './well-formed.ts';

/** One resource of a list as a phone reads it. */
export interface ReadResource {
  readonly uri: string;
  readonly name: string | null;
  /** Its document; null when no instance stands there. */
  readonly document: string | null;
}

/** The NOTIFY of a list as a phone reads it (RFC 4662 §5). */
export interface ReadList {
  readonly uri: string;
  readonly name: string | null;
  readonly version: number;
  readonly fullState: boolean;
  readonly resources: readonly ReadResource[];
}

/** Reads the body of a list's NOTIFY. Throws when a MUST of RFC 4662 §5 or RFC 2387 is broken. */
export function readList(contentType: string, body: ByteString): ReadList {
  const { params, parts } = readMultipart(contentType, body);
  const [root, ...others] = parts.map(({ fields, text }) => ({ fields, text: utf8(text) }));
  if (params.type !== 'application/rlmi+xml' || root?.fields['content-type'] !== params.type) {
    throw new Error('The root is no RLMI');
  }
  if (params.start !== root.fields['content-id']) throw new Error('start does not name the root');
  for (const { text } of [root, ...others]) if (!isWellFormed(text)) throw new Error(`Malformed: ${text}`);
  const documents = new Map(others.map(({ fields, text }) => [fields['content-id'], text]));
  if (documents.size !== others.length) throw new Error('A Content-ID is there twice');
  const list = /<list ([^>]*)>(?:<name>([^<]*)<\/name>)?/.exec(root.text);
  const resources = [...root.text.matchAll(RESOURCE)].map(([, uri = '', name, cid]) => {
    const document = cid === undefined ? null : documents.get(`<${cid}>`);
    if (document === undefined) throw new Error(`No part for cid ${cid}`);
    documents.delete(`<${cid}>`);
    return { uri, name: name ?? null, document };
  });
  if (documents.size > 0) throw new Error('A part belongs to no resource');
  const attributes = list?.[1] ?? '';
  return {
    uri: attributeOf(attributes, 'uri'),
    name: list?.[2] ?? null,
    version: Number(attributeOf(attributes, 'version')),
    fullState: attributeOf(attributes, 'fullState') === 'true',
    resources,
  };
}

const RESOURCE =
  /<resource uri="([^"]*)">(?:<name>([^<]*)<\/name>)?(?:<instance id="[^"]+" state="active" cid="([^"]+)"\/>)?<\/resource>/g;

function attributeOf(attributes: string, name: string): string {
  const value = new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1];
  if (value === undefined) throw new Error(`No ${name} in <list ${attributes}>`);
  return value;
}

function utf8(bytes: ByteString): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** What a phone knows of a list after some NOTIFYs (RFC 4662 §5.2): it counts versions, and forgets at full state. */
export class ListMemory {
  /** The newest document of each resource by URI; null: it is known to be there, but not more. */
  readonly lamps = new Map<string, string | null>();
  version = -1;

  take(list: ReadList): void {
    const { version, fullState, resources } = list;
    if (!fullState && version !== this.version + 1)
      throw new Error(`Version ${version} after ${this.version}`);
    if (version <= this.version) throw new Error(`Version ${version} after ${this.version}`);
    this.version = version;
    if (fullState) this.lamps.clear();
    for (const { uri, document } of resources) this.lamps.set(uri, document);
  }

  /** The state of each dialog-info or the activity of each PIDF, `?` for what is not known. */
  states(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.lamps].map(([uri, document]) => [uri, stateOf(document)]));
  }
}

function stateOf(document: string | null): string {
  const patterns = [/<state>(\w+)</, /<rpid:([a-z-]+)\/>/, /<basic>(\w+)</];
  const found = patterns.map((pattern) => pattern.exec(document ?? '')?.[1]);
  return found.find((state) => state !== undefined) ?? '?';
}
