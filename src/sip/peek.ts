import type { ByteString } from './message.ts';
import { octetTable, parseDecimal, skipBlanks } from './token.ts';

/** What finds the client transaction of a response (RFC 3261 §17.1.3) when all branches are our own. */
export interface ResponsePeek {
  readonly status: number;
  /** The branch of the top Via. */
  readonly branch: ByteString;
}

const CR = 0x0d;
const LF = 0x0a;
const BRANCH = ';branch=';

/** What ends a branch, and what makes it uncertain where the top Via ends. */
const VALUE_ENDS = octetTable('; \t\r\n,');
const TRAPS = octetTable('",<>');

/**
 * Status and top branch of a response without parsing it, for the answers to NOTIFYs. Null when the text is no
 * response or spelled in an unusual way: then `parseMessage` decides.
 */
export function peekResponse(text: ByteString): ResponsePeek | null {
  if (!text.startsWith('SIP/2.0 ')) return null;
  const status = parseDecimal(text.slice(8, 11), 3);
  if (status === null || status < 100 || status > 699) return null;
  const via = topViaAt(text);
  const branch = via === -1 ? null : branchIn(text, via);
  return branch === null ? null : { status, branch };
}

/** The index of the value of the first Via line, or -1. */
function topViaAt(text: ByteString): number {
  for (let at = text.indexOf('\n') + 1; at > 0; at = text.indexOf('\n', at) + 1) {
    const code = text.charCodeAt(at);
    if (code === CR || code === LF) return -1;
    const value = behindViaName(text, at);
    if (value !== -1) return value;
  }
  return -1;
}

function behindViaName(text: ByteString, at: number): number {
  const first = text.charCodeAt(at) | 0x20;
  if (first !== 0x76) return -1;
  const isLong = (text.charCodeAt(at + 1) | 0x20) === 0x69 && (text.charCodeAt(at + 2) | 0x20) === 0x61;
  const colon = skipBlanks(text, at + (isLong ? 3 : 1));
  return text[colon] === ':' ? colon + 1 : -1;
}

function branchIn(text: ByteString, from: number): ByteString | null {
  const start = text.indexOf(BRANCH, from);
  if (start === -1) return null;
  for (let at = from; at < start; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LF || TRAPS[code] === 1) return null;
  }
  return branchAt(text, start + BRANCH.length);
}

function branchAt(text: ByteString, from: number): ByteString | null {
  let end = from;
  while (end < text.length && VALUE_ENDS[text.charCodeAt(end)] !== 1) {
    if (TRAPS[text.charCodeAt(end)] === 1) return null;
    end += 1;
  }
  return end === from || end === text.length ? null : text.slice(from, end);
}
