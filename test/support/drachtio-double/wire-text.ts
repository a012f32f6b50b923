import { type ByteString, headerOf, headersOf, type SipRequest } from '../../../src/sip/message.ts';
import { serialize } from '../../../src/sip/serialize.ts';
import { reasonOf } from '../../../src/sip/status.ts';
import { formatVia, parseVia } from '../../../src/sip/via.ts';
import type { Hop } from './sip-port.ts';

/** `bytes|protocol|address|port|time` of a message. */
export function metaOf(text: ByteString, { protocol, address, port }: Hop): readonly string[] {
  return [`${text.length}`, protocol, address, `${port}`, clockTime()];
}

export function clockTime(): string {
  return new Date().toISOString().slice(11, 23);
}

/** The request with what RFC 3581 §4 puts into the top Via. */
export function withReceived(request: SipRequest, { address, port }: Hop): SipRequest {
  const index = request.headers.indexOf('via') + 1;
  const via = parseVia(request.headers[index] ?? '');
  if (via === null) return request;
  const stamped = { ...via, rport: port, received: via.host === address ? via.received : address };
  return { ...request, headers: request.headers.with(index, formatVia(stamped)) };
}

export interface ResponseParts {
  readonly status: number;
  /** Absent: the standard phrase. */
  readonly reason?: ByteString;
  readonly to: ByteString;
  readonly headers: readonly ByteString[];
  readonly body: ByteString;
}

export function responseText(request: SipRequest, parts: ResponseParts): ByteString {
  const { status, reason = reasonOf(status), to, headers, body } = parts;
  const fixed = headersOf(request, 'via').flatMap((value) => ['via', value]);
  fixed.push('from', headerOf(request, 'from') ?? '', 'to', to);
  fixed.push('call-id', headerOf(request, 'call-id') ?? '', 'cseq', headerOf(request, 'cseq') ?? '');
  return serialize({ kind: 'response', status, reason, headers: [...fixed, ...headers], body });
}
