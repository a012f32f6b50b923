import { type SecureContext, TLSSocket } from 'node:tls';
import type { Inbound } from './inbound.ts';
import type { Protocol } from './stream-listener.ts';

/** Our side of every TLS connection. */
export interface TlsSide {
  /** The certificate to show now, with its key; asked for at each handshake. */
  context(): SecureContext;
  /** Whether the certificate of a phone that we connect to must be one that is trusted. */
  readonly verify: boolean;
}

/** Makes the handshake of TLS, and has `inner` spoken inside it. What fails is counted and closed. */
export function secured(tls: TlsSide, inbound: Inbound, inner: Protocol): Protocol {
  return ({ socket, flow, lifeline }) => {
    const inside = new TLSSocket(socket, { isServer: true, secureContext: tls.context() });
    let established = false;
    inside.on('error', () => {
      inbound.count(established ? 'stream_error' : 'tls_handshake_failed');
      socket.destroy();
    });
    inside.once('secure', () => {
      established = true;
      inner({ socket: inside, flow, lifeline });
    });
  };
}
