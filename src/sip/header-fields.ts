import { canonicalName } from './header-name.ts';
import type { ByteString } from './message.ts';
import { isBlank, skipBlanks, sliceTrimmed, tokenEnd } from './token.ts';

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;

/** Bounds of what is read of a head. */
export interface HeadLimits {
  /** Header fields. */
  readonly fields: number;
  /** Octets of one header field with its folds. */
  readonly fieldOctets: number;
  /** Octets of all header fields. */
  readonly headOctets: number;
}

/** The header fields of a message, as far as they could be read. */
export interface HeaderFields {
  /** Name, value, name, value ...; a malformed field is left out. */
  readonly headers: readonly ByteString[];
  /** Where the body starts; -1 when the end of the head was not found. */
  readonly bodyAt: number;
  /** The first thing that is wrong, as a reason phrase. */
  readonly problem: string | null;
}

/** Reads header fields from `from`, behind the start line, to the empty line. Linear in the length of the head. */
export function readHeaderFields(text: ByteString, from: number, limits: HeadLimits): HeaderFields {
  const headers: ByteString[] = [];
  let problem: string | null = null;
  let at = from;
  for (let count = 0; ; count += 1) {
    const bodyAt = behindEmptyLine(text, at);
    if (bodyAt !== -1) return { headers, bodyAt, problem };
    const end = fieldEnd(text, at);
    if (end === -1) return { headers, bodyAt: -1, problem: problem ?? 'Missing End of Header Fields' };
    if (count === limits.fields) return { headers, bodyAt: -1, problem: 'Too Many Header Fields' };
    if (end - from > limits.headOctets) return { headers, bodyAt: -1, problem: 'Header Fields Too Large' };
    problem = readField(text, { at, end, limits, headers }) ?? problem;
    at = end + 1;
  }
}

/** The index behind the empty line that starts at `at` (CRLF, or LF alone); -1 when the line is not empty. */
function behindEmptyLine(text: ByteString, at: number): number {
  const code = text.charCodeAt(at);
  if (code === LF) return at + 1;
  return code === CR && text.charCodeAt(at + 1) === LF ? at + 2 : -1;
}

/** The index of the LF that ends the field starting at `at`, folded lines included (RFC 3261 §7.3.1); -1: none. */
export function fieldEnd(text: ByteString, at: number): number {
  let end = text.indexOf('\n', at);
  while (end !== -1 && isBlank(text.charCodeAt(end + 1))) end = text.indexOf('\n', end + 1);
  return end;
}

interface Field {
  readonly at: number;
  readonly end: number;
  readonly limits: HeadLimits;
  readonly headers: ByteString[];
}

/** Adds one field to `headers`, or gives what is wrong with it. */
function readField(text: ByteString, { at, end, limits, headers }: Field): string | null {
  if (end - at > limits.fieldOctets) return 'Header Field Too Large';
  const nameEnd = tokenEnd(text, at);
  const colon = skipBlanks(text, nameEnd);
  if (nameEnd === at || text.charCodeAt(colon) !== COLON) return 'Malformed Header Field';
  const value = fieldValue(text, colon + 1, end);
  // A CR that survives would end the line for some reader of what we echo.
  if (value.includes('\r')) return 'Malformed Header Field';
  headers.push(canonicalName(text.slice(at, nameEnd)), value);
  return null;
}

/** The value between colon and line end, folds replaced by one space each. */
export function fieldValue(text: ByteString, from: number, end: number): ByteString {
  const value = sliceTrimmed(text, from, withoutCr(text, end));
  return value.includes('\n') ? unfold(value) : value;
}

function unfold(value: ByteString): ByteString {
  const lines = value.split('\n').map((line) => sliceTrimmed(line, 0, withoutCr(line, line.length)));
  return lines.filter((line) => line !== '').join(' ');
}

function withoutCr(text: ByteString, end: number): number {
  return text.charCodeAt(end - 1) === CR ? end - 1 : end;
}
