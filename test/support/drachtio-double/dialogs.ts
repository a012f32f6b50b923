import { listOf } from '../../../src/sip/list.ts';
import { type ByteString, headerOf, type SipMessage, type SipRequest } from '../../../src/sip/message.ts';
import { parseNameAddr } from '../../../src/sip/name-addr.ts';
import { paramOf } from '../../../src/sip/params.ts';
import type { AdminClient } from './admin-port.ts';
import type { Hop } from './sip-port.ts';

/** A dialog of the server. Target, route set and hop are those of the SUBSCRIBE that formed it, for good. */
export interface Dialog {
  readonly id: string;
  readonly callId: ByteString;
  readonly localTag: ByteString;
  /** From and To of NOTIFYs. */
  readonly local: ByteString;
  readonly remote: ByteString;
  /** The URI of the Contact; null when there was none. */
  readonly target: ByteString | null;
  readonly routeSet: readonly ByteString[];
  readonly hop: Hop;
  /** The connection that answered 2xx: refreshes go there and nowhere else. */
  readonly owner: AdminClient;
  localCseq: number;
}

export function dialogIdOf(request: SipRequest): string {
  return `${headerOf(request, 'call-id')};from-tag=${tagOf(request, 'from') ?? ''}`;
}

export function tagOf(message: SipMessage, name: 'from' | 'to'): ByteString | null {
  return paramOf(parseNameAddr(headerOf(message, name) ?? '')?.params ?? [], 'tag') ?? null;
}

export function uriOf(value: ByteString | null): ByteString | null {
  return parseNameAddr(value ?? '')?.uri ?? null;
}

/** The dialog that a 2xx to this SUBSCRIBE forms. `to`: To of the response. */
export function formDialog(
  request: SipRequest,
  { to, localTag, hop, owner }: { to: ByteString; localTag: ByteString; hop: Hop; owner: AdminClient },
): Dialog {
  return {
    id: dialogIdOf(request),
    callId: headerOf(request, 'call-id') ?? '',
    localTag,
    local: to,
    remote: headerOf(request, 'from') ?? '',
    target: uriOf(headerOf(request, 'contact')),
    routeSet: listOf(request, 'record-route'),
    hop,
    owner,
    // NOTIFYs begin one above the SUBSCRIBE, which nobody can choose.
    localCseq: Number.parseInt(headerOf(request, 'cseq') ?? '0', 10),
  };
}
