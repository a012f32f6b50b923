import type { ByteString } from '../message.ts';
import { quotedEnd, unquote } from '../quoted.ts';
import { skipBlanks, tokenEnd } from '../token.ts';

/** More parameters than any credentials have. */
const MOST = 32;
const COMMA = 0x2c;
const EQUALS = 0x3d;
const QUOTE = 0x22;

/**
 * The parameters of credentials or of a challenge (RFC 7235 §2.1) from `from` to the end of `text`: names in lower
 * case, quoted values without their quotes. Null when malformed, or when a name stands there twice.
 */
export function parseAuthParams(text: ByteString, from = 0): ReadonlyMap<string, ByteString> | null {
  const params = new Map<string, ByteString>();
  let at = skipCommas(text, from);
  while (at < text.length) {
    const param = readParam(text, at);
    if (param === null || params.has(param.name) || params.size === MOST) return null;
    params.set(param.name, param.value);
    at = skipBlanks(text, param.end);
    if (at < text.length && text.charCodeAt(at) !== COMMA) return null;
    at = skipCommas(text, at);
  }
  return params;
}

interface Param {
  readonly name: string;
  readonly value: ByteString;
  readonly end: number;
}

function readParam(text: ByteString, at: number): Param | null {
  const nameEnd = tokenEnd(text, at);
  const equals = skipBlanks(text, nameEnd);
  if (nameEnd === at || text.charCodeAt(equals) !== EQUALS) return null;
  const valueAt = skipBlanks(text, equals + 1);
  const end = text.charCodeAt(valueAt) === QUOTE ? quotedEnd(text, valueAt) : plainEnd(text, valueAt);
  if (end <= valueAt) return null;
  return { name: text.slice(at, nameEnd).toLowerCase(), value: unquote(text.slice(valueAt, end)), end };
}

/** Wider than token: some phones forget the quotes of a URI, and nothing is lost by reading it. */
function plainEnd(text: ByteString, from: number): number {
  let at = from;
  while (at < text.length && !' \t,"'.includes(text.charAt(at))) at += 1;
  return at;
}

/** RFC 7230 §7: a list may have empty elements. */
function skipCommas(text: ByteString, from: number): number {
  let at = skipBlanks(text, from);
  while (text.charCodeAt(at) === COMMA) at = skipBlanks(text, at + 1);
  return at;
}
