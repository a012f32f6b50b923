import { type ByteString, headersOf, type SipMessage } from './message.ts';
import { quotedEnd } from './quoted.ts';
import { sliceTrimmed } from './token.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const LESS = 0x3c;
const GREATER = 0x3e;

/**
 * The elements of a comma-separated header value (RFC 3261 §7.3.1), trimmed. A comma within quotes or angle
 * brackets separates nothing; empty elements are left out.
 */
export function splitList(value: ByteString): readonly ByteString[] {
  if (!value.includes(',')) return onlyElement(sliceTrimmed(value, 0));
  const elements: ByteString[] = [];
  let start = 0;
  let bracketed = false;
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (code === LESS) bracketed = true;
    else if (code === GREATER) bracketed = false;
    else if (bracketed) continue;
    else if (code === QUOTE) at = lastOfQuoted(value, at);
    else if (code === COMMA) {
      pushElement(elements, sliceTrimmed(value, start, at));
      start = at + 1;
    }
  }
  pushElement(elements, sliceTrimmed(value, start));
  return elements;
}

function onlyElement(element: ByteString): readonly ByteString[] {
  return element === '' ? [] : [element];
}

function lastOfQuoted(value: ByteString, from: number): number {
  const end = quotedEnd(value, from);
  return end === -1 ? value.length : end - 1;
}

function pushElement(elements: ByteString[], element: ByteString): void {
  if (element !== '') elements.push(element);
}

/** Every element of a header field whose value is a list, over all its lines, in wire order. */
export function listOf(message: SipMessage, name: string): readonly ByteString[] {
  const values = headersOf(message, name);
  if (values.length === 1) return splitList(values[0] ?? '');
  return values.length === 0 ? values : values.flatMap(splitList);
}
