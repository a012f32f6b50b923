/** A tag of an XML document, with the text behind it. */
export interface Tag {
  /** Without its prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** The text behind the tag, up to the next. */
  readonly text: string;
  readonly kind: 'open' | 'close' | 'empty';
}

/** What is no tag, and where it ends. */
const OTHERS = [
  { start: '<!--', end: '-->' },
  { start: '<?', end: '?>' },
  { start: '<!', end: '>' },
] as const;

/**
 * The tags of a document, in order, as far as it can be read. In linear time, whatever it is: a page and a command line
 * read what any server sends.
 */
export function tagsOf(document: string): readonly Tag[] {
  const tags: Tag[] = [];
  for (let at = document.indexOf('<'); at !== -1; ) {
    const end = markupEnd(document, at);
    if (end === -1) break;
    const next = document.indexOf('<', end);
    const text = next === end ? '' : unescapeXml(document.slice(end, next === -1 ? undefined : next));
    const tag = document[end - 1] === '>' ? tagOf(document.slice(at + 1, end - 1), text) : null;
    const last = tags.at(-1);
    if (tag !== null) tags.push(tag);
    // A comment does not part the text around it.
    else if (last !== undefined && text !== '') tags[tags.length - 1] = { ...last, text: last.text + text };
    at = next;
  }
  return tags;
}

/** The index behind the markup that starts at `at`; -1 when it never ends. A tag that another cuts off ends there. */
function markupEnd(document: string, at: number): number {
  const second = document[at + 1];
  const isOther = second === '!' || second === '?';
  const other = isOther ? OTHERS.find(({ start }) => document.startsWith(start, at)) : undefined;
  if (other === undefined) return tagEnd(document, at + 1);
  const end = document.indexOf(other.end, at + other.start.length);
  return end === -1 ? -1 : end + other.end.length;
}

function tagEnd(document: string, from: number): number {
  for (let at = from; at < document.length; at += 1) {
    const char = document[at];
    if (char === '>') return at + 1;
    if (char === '<') return at;
    if (char !== '"' && char !== "'") continue;
    at = document.indexOf(char, at + 1);
    if (at === -1) return -1;
  }
  return -1;
}

/** The tag with that inside; null for a comment, an instruction or a declaration, and for what has no name. */
function tagOf(inside: string, text: string): Tag | null {
  const [start = '', slash, name] = /^(\/?)(?:[\w.-]+:)?([\w.-]+)/.exec(inside) ?? [];
  if (name === undefined) return null;
  const kind = slash === '/' ? 'close' : inside.endsWith('/') ? 'empty' : 'open';
  return { name, attributes: attributesOf(inside.slice(start.length)), text, kind };
}

/** Reads attributes up to the first that is malformed. */
function attributesOf(inside: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of inside.matchAll(
    /\s+([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gy,
  )) {
    attributes.set(name, unescapeXml(double ?? single ?? ''));
  }
  return attributes;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
    (whole, hex, decimal, name) => {
      if (name !== undefined) return NAMED[name] ?? whole;
      const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
