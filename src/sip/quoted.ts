import type { ByteString } from './message.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The index behind the quoted-string that starts with `"` at `from` (RFC 3261 §25.1), or -1 when it never ends. */
export function quotedEnd(text: ByteString, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at += 1;
  }
  return -1;
}

/** The content of a quoted-string, with its quoted pairs resolved; text that is not quoted comes back as it is. */
export function unquote(text: ByteString): ByteString {
  if (text.charCodeAt(0) !== QUOTE) return text;
  const content = text.slice(1, -1);
  return content.includes('\\') ? content.replace(/\\(.)/gs, '$1') : content;
}

/** `text` as a quoted-string. Line ends, which a quoted-string cannot hold, become spaces. */
export function quote(text: ByteString): ByteString {
  return `"${text.replace(/[\r\n]/g, ' ').replace(/["\\]/g, '\\$&')}"`;
}
