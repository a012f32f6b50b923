import { type HeadLimits, readHeaderFields } from './header-fields.ts';
import { type ByteString, headersOf, type SipMessage, type SipRequest } from './message.ts';
import { parseStartLine, type StartLine } from './start-line.ts';
import { parseDecimal } from './token.ts';

/** Bounds of what is taken as a message; beyond them it is a fault. */
export interface ParseLimits extends HeadLimits {
  /** Octets of the body. */
  readonly bodyOctets: number;
}

/** Wide enough for any phone, small enough that no message costs more than its octets. */
export const parseLimits: ParseLimits = {
  fields: 256,
  fieldOctets: 8192,
  headOctets: 65_536,
  bodyOctets: 65_536,
};

/** Text that is no message we can work with. */
export interface ParseFault {
  readonly kind: 'fault';
  /** The status to answer with, if it can be answered. */
  readonly status: 400 | 413 | 414 | 505;
  /** What is wrong, as a reason phrase. */
  readonly reason: string;
  /** The request as far as it could be read; null when it is none, or nothing of it can be answered. */
  readonly request: SipRequest | null;
}

export type ParseResult = { readonly kind: 'message'; readonly message: SipMessage } | ParseFault;

/**
 * A message from the octets of a datagram, or of one framed message of a stream. Never throws; linear time.
 * Tolerates what RFC 3261 §7.5 and §18.3 tolerate: leading line ends, LF alone, octets behind the body.
 */
export function parseMessage(text: ByteString, limits: ParseLimits = parseLimits): ParseResult {
  const start = skipLineEnds(text);
  const lineEnd = text.indexOf('\n', start);
  if (lineEnd === -1) return fault(400, 'Malformed Start Line', null);
  const line = parseStartLine(text.slice(start, text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd));
  if (line === null) return fault(400, 'Malformed Start Line', null);

  const { headers, bodyAt, problem } = readHeaderFields(text, lineEnd + 1, limits);
  const head = makeMessage(line, headers, '');
  const request = head.kind === 'request' ? head : null;
  if (line.kind === 'request' && line.problem)
    return fault(line.problem.status, line.problem.reason, request);
  if (problem !== null) return fault(400, problem, request);

  const available = text.length - bodyAt;
  const length = bodyLengthOf(head, available);
  if (length === null) return fault(400, 'Malformed Content-Length', request);
  // A stream is cut off at a body that is too long, so this is asked before whether the body is all there.
  if (length > limits.bodyOctets) return fault(413, 'Request Entity Too Large', request);
  if (length > available) return fault(400, 'Body Shorter Than Content-Length', request);
  return { kind: 'message', message: makeMessage(line, headers, text.slice(bodyAt, bodyAt + length)) };
}

function fault(status: ParseFault['status'], reason: string, request: SipRequest | null): ParseFault {
  return { kind: 'fault', status, reason, request };
}

/** RFC 3261 §7.5: line ends before the start line are ignored. */
function skipLineEnds(text: ByteString): number {
  let at = 0;
  while (text.charCodeAt(at) === 0x0d || text.charCodeAt(at) === 0x0a) at += 1;
  return at;
}

function makeMessage(line: StartLine, headers: readonly ByteString[], body: ByteString): SipMessage {
  if (line.kind === 'request') return { kind: 'request', method: line.method, uri: line.uri, headers, body };
  return { kind: 'response', status: line.status, reason: line.reason, headers, body };
}

/** The octets of the body: all that are `available` when nothing is said (RFC 3261 §18.3); null when that is malformed. */
function bodyLengthOf(head: SipMessage, available: number): number | null {
  const values = headersOf(head, 'content-length');
  return values.length === 0 ? available : contentLength(values);
}

/** The one Content-Length among the values of a message, in octets; null when repeated or malformed. */
export function contentLength(values: readonly ByteString[]): number | null {
  return values.length === 1 ? parseDecimal(values[0] ?? '', 9) : null;
}
