import type { ByteString } from './message.ts';
import { quotedEnd } from './quoted.ts';
import { octetTable, skipBlanks, tokenEnd } from './token.ts';

/** Parameters in wire order. Names are lower case; values are as on the wire, a quoted one with its quotes. */
export type Params = readonly (readonly [name: string, value: ByteString | null])[];

/** More parameters than any message has; it bounds the search for repeated ones. */
const MOST_PARAMS = 32;

const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const QUOTE = 0x22;

/** What ends a value that is not quoted. Wider than token: a host may be `[2001:db8::1]` (RFC 3261 gen-value). */
const VALUE_ENDS = octetTable(' \t\r\n;,"<>');

/** The generic parameters (`;name`, `;name=value`) from `from` to the end of `text`, or null when malformed. */
export function parseParams(text: ByteString, from = 0): Params | null {
  const params: [string, ByteString | null][] = [];
  let at = skipBlanks(text, from);
  while (at < text.length) {
    if (text.charCodeAt(at) !== SEMICOLON) return null;
    const nameAt = skipBlanks(text, at + 1);
    const nameEnd = tokenEnd(text, nameAt);
    if (nameEnd === nameAt) return null;
    const name = text.slice(nameAt, nameEnd).toLowerCase();
    if (!isNewParam(params, name)) return null;
    at = skipBlanks(text, nameEnd);
    if (text.charCodeAt(at) !== EQUALS) {
      params.push([name, null]);
      continue;
    }
    const valueAt = skipBlanks(text, at + 1);
    const end = valueEnd(text, valueAt);
    if (end === -1) return null;
    params.push([name, text.slice(valueAt, end)]);
    at = skipBlanks(text, end);
  }
  return params;
}

function valueEnd(text: ByteString, from: number): number {
  if (text.charCodeAt(from) === QUOTE) return quotedEnd(text, from);
  let at = from;
  while (at < text.length && VALUE_ENDS[text.charCodeAt(at)] !== 1) at += 1;
  return at;
}

/** RFC 3261 §7.3.1, §19.1.1: a parameter name must not appear twice; readers would disagree which one counts. */
export function isNewParam(params: Params, name: string): boolean {
  return params.length < MOST_PARAMS && paramOf(params, name) === undefined;
}

/** Parameters as on the wire, each with its leading semicolon. */
export function formatParams(params: Params): ByteString {
  let text = '';
  for (const [name, value] of params) text += value === null ? `;${name}` : `;${name}=${value}`;
  return text;
}

/** The value of the first parameter `name` (lower case): null when it has none, undefined when it is absent. */
export function paramOf(params: Params, name: string): ByteString | null | undefined {
  for (const param of params) {
    if (param[0] === name) return param[1];
  }
  return undefined;
}
