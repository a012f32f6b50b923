import type { Answer } from '../../ports/edge.ts';
import { type ByteString, type Headers, headerOf, type SipRequest } from '../../sip/message.ts';
import { parseNameAddr } from '../../sip/name-addr.ts';
import { paramOf } from '../../sip/params.ts';
import { serialize } from '../../sip/serialize.ts';
import { reasonOf } from '../../sip/status.ts';

/** What the edge adds to an answer. */
export interface ResponseParts {
  /** The Via lines: see `returnedVias`. */
  readonly vias: Headers;
  /** The tag for To, used if To has none; null: To stays as it is. */
  readonly toTag: string | null;
  /** The URI of our Contact, used where the response forms or refreshes a dialog. */
  readonly contact: ByteString;
}

/** The tag on To of a request, or null. */
export function toTagOf(request: SipRequest): ByteString | null {
  return paramOf(parseNameAddr(headerOf(request, 'to') ?? '')?.params ?? [], 'tag') ?? null;
}

/** The text of a response to `request` (RFC 3261 §8.2.6). */
export function responseText(request: SipRequest, answer: Answer, parts: ResponseParts): ByteString {
  const forms = formsDialog(request.method, answer.status);
  const headers = [
    ...parts.vias,
    // RFC 3261 §12.1.1: the route set is echoed to the phone in what forms a dialog.
    ...(forms ? copies(request, 'record-route') : []),
    ...copies(request, 'from'),
    ...taggedTo(request, parts.toTag),
    ...copies(request, 'call-id'),
    ...copies(request, 'cseq'),
    ...(forms ? ['contact', `<${parts.contact}>`] : []),
    ...answer.headers,
  ];
  const { status, reason = reasonOf(status), body = '' } = answer;
  return serialize({ kind: 'response', status, reason, headers, body });
}

/** RFC 3261 §12.1, §13.3.1.1: with INVITE a provisional response but 100 forms an early dialog already. */
function formsDialog(method: string, status: number): boolean {
  if (method === 'INVITE') return status > 100 && status < 300;
  return (method === 'SUBSCRIBE' || method === 'REFER') && status >= 200 && status < 300;
}

function copies(request: SipRequest, name: string): ByteString[] {
  const found: ByteString[] = [];
  for (let index = 0; index < request.headers.length; index += 2) {
    if (request.headers[index] === name) found.push(name, request.headers[index + 1] ?? '');
  }
  return found;
}

function taggedTo(request: SipRequest, toTag: string | null): ByteString[] {
  const to = headerOf(request, 'to');
  if (to === null) return [];
  return ['to', toTag === null || toTagOf(request) !== null ? to : `${to};tag=${toTag}`];
}
