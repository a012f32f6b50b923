import { parseCseq } from '../../sip/cseq.ts';
import { formatHostPort } from '../../sip/host.ts';
import { listOf } from '../../sip/list.ts';
import {
  type ByteString,
  headerOf,
  headersOf,
  type SipRequest,
  type SipResponse,
} from '../../sip/message.ts';
import { parseNameAddr } from '../../sip/name-addr.ts';
import { paramOf } from '../../sip/params.ts';
import { reasonOf } from '../../sip/status.ts';

/** An address and port, as on the wire. */
export interface Place {
  readonly address: string;
  readonly port: number;
}

export interface WatchDialogOptions {
  /** The URI that is watched. */
  readonly uri: ByteString;
  readonly local: Place;
  /** A new random token at each call. */
  readonly newToken: () => string;
}

/** The subscriber's side of one dialog (RFC 6665 §4.1.2): builds its SUBSCRIBEs, and knows its NOTIFYs. */
export class WatchDialog {
  readonly callId: ByteString;
  readonly #options: WatchDialogOptions;
  readonly #localTag: ByteString;
  #remoteTag: ByteString | null = null;
  #remoteTarget: ByteString | null = null;
  #routes: readonly ByteString[] = [];
  #cseq = 0;
  #heardCseq = 0;

  constructor(options: WatchDialogOptions) {
    this.#options = options;
    this.callId = options.newToken();
    this.#localTag = options.newToken();
  }

  /** The next SUBSCRIBE and the branch that its responses carry. `expires` in seconds, 0 to end. */
  subscribe(expires: number): { readonly request: SipRequest; readonly branch: ByteString } {
    const { uri, local, newToken } = this.#options;
    this.#cseq += 1;
    const branch = `z9hG4bK${newToken()}`;
    const here = formatHostPort({ host: bracketed(local.address), port: local.port });
    const toTag = this.#remoteTag === null ? '' : `;tag=${this.#remoteTag}`;
    const headers = [
      ...['via', `SIP/2.0/UDP ${here};branch=${branch};rport`, 'max-forwards', '70'],
      ...this.#routes.flatMap((route) => ['route', route]),
      ...['from', `<sip:watch@${here}>;tag=${this.#localTag}`, 'to', `<${uri}>${toTag}`],
      ...['call-id', this.callId, 'cseq', `${this.#cseq} SUBSCRIBE`, 'contact', `<sip:watch@${here}>`],
      ...['event', 'dialog', 'accept', 'application/dialog-info+xml', 'expires', String(expires)],
      ...['user-agent', 'lamplighter-watch'],
    ];
    const request: SipRequest = {
      kind: 'request',
      method: 'SUBSCRIBE',
      uri: this.#remoteTarget ?? uri,
      headers,
      body: '',
    };
    return { request, branch };
  }

  /** Learns the other side from the 2xx (RFC 3261 §12.1.2): its tag, its Contact, and the route, reversed. */
  accepted(response: SipResponse): void {
    this.#remoteTag ??= tagOf(headerOf(response, 'to'));
    this.#remoteTarget = parseNameAddr(headerOf(response, 'contact') ?? '')?.uri ?? this.#remoteTarget;
    if (this.#routes.length === 0) this.#routes = listOf(response, 'record-route').toReversed();
  }

  /** Whether a NOTIFY belongs here and is news: `old` is a retransmission or came too late. */
  place(notify: SipRequest): 'news' | 'old' | 'foreign' {
    if (tagOf(headerOf(notify, 'to')) !== this.#localTag) return 'foreign';
    const cseq = parseCseq(headerOf(notify, 'cseq') ?? '')?.number ?? 0;
    if (cseq <= this.#heardCseq) return 'old';
    this.#heardCseq = cseq;
    return 'news';
  }
}

const ECHOED = ['via', 'from', 'to', 'call-id', 'cseq'];

/** The response to a request that needs no words of its own (RFC 3261 §8.2.6.2). */
export function responseTo(request: SipRequest, status: number): SipResponse {
  const headers = ECHOED.flatMap((name) => headersOf(request, name).flatMap((value) => [name, value]));
  return { kind: 'response', status, reason: reasonOf(status), headers, body: '' };
}

/** An IPv6 address in the brackets that URIs need; others as they are. */
export function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function tagOf(value: ByteString | null): ByteString | null {
  const address = parseNameAddr(value ?? '');
  return address === null ? null : (paramOf(address.params, 'tag') ?? null);
}
