import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Flow } from '../../ports/edge.ts';
import type { Inbound } from './inbound.ts';
import type { Lifeline } from './lifeline.ts';
import type { Connection } from './path.ts';
import type { Accepted, Protocol, StreamOptions } from './stream-listener.ts';
import { StreamReader } from './stream-reader.ts';
import type { TlsSide } from './tls.ts';

/** A peer that leaves this much unread is not reading: its connection is closed. */
export const BACKLOG_OCTETS = 1024 * 1024;
/** How long a peer may be silent before the kernel asks whether it is there. */
const KEEP_ALIVE_MS = 60_000;

/** SIP on a stream: TCP, or what comes out of TLS (RFC 3261 §18.3). */
export function sipStream(options: StreamOptions): Protocol {
  return (accepted) => options.inbound.opened(new StreamConnection(accepted, options));
}

/** Opens a stream to `flow.remoteAddress`; what is sent before it stands waits in it. `tls`: null for plain TCP. */
export function connectStream(flow: Flow, options: StreamOptions, tls: TlsSide | null): Connection {
  const to = { host: flow.remoteAddress, port: flow.remotePort };
  const socket =
    tls === null
      ? connect({ ...to, noDelay: true })
      : connectTls({ ...to, secureContext: tls.context(), rejectUnauthorized: tls.verify });
  const lifeline = options.guard.watch(socket, flow.remoteAddress);
  socket.once(tls === null ? 'connect' : 'secureConnect', () => {
    socket.setNoDelay(true);
    lifeline.waitingSince = null;
  });
  socket.on('error', () => options.inbound.count('stream_error'));
  return new StreamConnection({ socket, flow, lifeline }, options);
}

class StreamConnection implements Connection {
  readonly reliable = true;
  readonly flow: Flow;
  inFlight = 0;
  readonly #socket: Socket;
  readonly #inbound: Inbound;
  readonly #reader: StreamReader;
  readonly #lifeline: Lifeline;

  constructor({ socket, flow, lifeline }: Accepted, options: StreamOptions) {
    this.flow = flow;
    this.#socket = socket;
    this.#inbound = options.inbound;
    this.#lifeline = lifeline;
    this.#reader = new StreamReader(this, options.inbound, options.maxMessageBytes);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('close', () => this.#inbound.closed(this));
  }

  get open(): boolean {
    return this.#socket.writable;
  }

  send(bytes: Buffer): void {
    if (!this.open) return;
    if (this.#socket.writableLength > BACKLOG_OCTETS) {
      this.#inbound.count('stream_backlog');
      this.#socket.destroy();
    } else {
      this.#socket.write(bytes);
    }
  }

  close(): void {
    // A peer that does not read what is left for it has as long as for a message.
    this.#lifeline.waitingSince ??= performance.now();
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    const whole = this.#reader.push(bytes.toString('latin1'));
    this.#lifeline.heard(performance.now(), { whole, partial: this.#reader.partial });
  }
}
