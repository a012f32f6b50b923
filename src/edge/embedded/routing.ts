import type { Flow, IncomingRequest } from '../../ports/edge.ts';
import type { Dialog } from '../../sip/dialog.ts';
import type { ByteString } from '../../sip/message.ts';
import { hostOfAddress } from './address.ts';
import { contactUri } from './contact-uri.ts';
import { type NextHop, nextHop } from './next-hop.ts';
import type { SentBy } from './notify-head.ts';
import type { FoundPath } from './path.ts';
import { responsePort, sentByPort } from './received.ts';
import type { Arrival } from './served-request.ts';
import type { ListenOptions, Transports } from './transports.ts';

/** How messages find their way, and how we name ourselves on it. */
export class Routing {
  readonly #transports: Transports;
  readonly #options: Pick<ListenOptions, 'external' | 'tls'>;

  constructor(transports: Transports, options: Pick<ListenOptions, 'external' | 'tls'>) {
    this.#transports = transports;
    this.#options = options;
  }

  /** Where a request in `dialog` goes. */
  hopOf(dialog: Dialog, flow: Flow): NextHop {
    return nextHop(dialog, flow, this.#options.tls !== null);
  }

  /** The sent-by of a request that goes a way, from where a phone was heard on `flow`. */
  sentBy({ way }: Pick<NextHop, 'way'>, flow: Flow): SentBy {
    const target = way.kind === 'target' ? way.target : null;
    const transport = target?.transport ?? flow.transport;
    // Not the address of the record: this machine may have got another one since.
    const remote = target?.address ?? flow.remoteAddress;
    const local = this.#transports.localAddresses.towards(remote) ?? flow.localAddress;
    return { transport: transport.toUpperCase(), hostPort: this.#hostPort(local, transport) };
  }

  /** The URI of our Contact for whoever sent `request`. */
  contactFor(request: IncomingRequest): ByteString {
    return contactUri(request, this.#hostPort(request.flow.localAddress, request.flow.transport));
  }

  /** Where the responses to a request go (RFC 3261 §18.2.2, RFC 3581 §4); null when there is no way. */
  replyPath({ connection, flow, via }: Arrival): FoundPath | null {
    if (connection?.open === true) return { path: connection, connection };
    const { transport, remoteAddress: address } = flow;
    if (transport === 'udp') return this.#transports.udpPath(address, responsePort(via, flow));
    // The connection has gone: sent-by says where the client listens, except in a browser.
    if (transport !== 'tcp' && transport !== 'tls') return null;
    return this.#transports.pathTo({ transport, address, port: sentByPort(via, transport) });
  }

  #hostPort(localAddress: string, transport: Flow['transport']): string {
    const host = this.#options.external === '' ? localAddress : this.#options.external;
    return `${hostOfAddress(host)}:${this.#transports.portOf(transport)}`;
  }
}
