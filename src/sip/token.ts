import type { ByteString } from './message.ts';

const SPACE = 0x20;
const TAB = 0x09;

/** One flag an octet: is it allowed in a token (RFC 3261 §25.1)? */
const TOKEN_OCTETS = octetTable("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~");

/** A table of 256 flags, set for each octet of `octets`: for character tests without a regular expression. */
export function octetTable(octets: ByteString): Uint8Array {
  const table = new Uint8Array(256);
  for (let index = 0; index < octets.length; index += 1) table[octets.charCodeAt(index)] = 1;
  return table;
}

/** True if `text` is not empty and holds only octets of `table`. */
export function consistsOf(text: ByteString, table: Uint8Array): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (table[text.charCodeAt(index)] !== 1) return false;
  }
  return text.length > 0;
}

/** True if `text` is a token (RFC 3261 §25.1). */
export function isToken(text: ByteString): boolean {
  return consistsOf(text, TOKEN_OCTETS);
}

/** True if `text` is not empty and holds neither blanks nor control characters. */
export function isVisible(text: ByteString): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code <= SPACE || code === 0x7f) return false;
  }
  return text.length > 0;
}

/** The index behind the token that starts at `from`; `from` itself when there is none. */
export function tokenEnd(text: ByteString, from: number): number {
  let at = from;
  while (TOKEN_OCTETS[text.charCodeAt(at)] === 1) at += 1;
  return at;
}

/** True for a space or a tab. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** The index of the first character at or behind `from` that is neither space nor tab. */
export function skipBlanks(text: ByteString, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

/** `text` from `from` to `end` (excluded) without spaces and tabs at its ends. */
export function sliceTrimmed(text: ByteString, from: number, end: number = text.length): ByteString {
  const start = skipBlanks(text, from);
  let last = end;
  while (last > start && isBlank(text.charCodeAt(last - 1))) last -= 1;
  return start < last ? text.slice(start, last) : '';
}

/** A decimal number of at most `digits` digits, leading zeros not counted; null for anything else. */
export function parseDecimal(text: ByteString, digits: number): number | null {
  let value = 0;
  let significant = 0;
  for (let index = 0; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return null;
    if (value > 0 || digit > 0) significant += 1;
    if (significant > digits) return null;
    value = value * 10 + digit;
  }
  return text.length > 0 ? value : null;
}
