import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Flow, ListenPoint } from '../../ports/edge.ts';
import type { Inbound } from './inbound.ts';
import type { Connection } from './path.ts';
import { streamFlow } from './stream-flow.ts';
import { StreamReader } from './stream-reader.ts';

/** A peer that leaves this much unread is not reading: its connection is closed. */
const BACKLOG_OCTETS = 1024 * 1024;
/** How long a peer may be silent before the kernel asks whether it is there. */
const KEEP_ALIVE_MS = 60_000;

/** What TCP connections need. */
export interface StreamOptions {
  readonly inbound: Inbound;
  readonly maxMessageBytes: number;
}

/** Listens for TCP. Rejects with the error of the system. */
export async function listenTcp(address: string, port: number, options: StreamOptions): Promise<TcpListener> {
  const server = createServer({ noDelay: true });
  await listening(server, address, port);
  return new TcpListener(server, address, options);
}

/** Resolves when the server (TCP, or HTTP under a WebSocket) listens; rejects with the error of the system. */
export function listening(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port, ipv6Only: address.includes(':') }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The port that a listening server really has. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** One open TCP listener. */
export class TcpListener {
  readonly point: ListenPoint;
  readonly #server: Server;

  constructor(server: Server, address: string, options: StreamOptions) {
    this.#server = server;
    this.point = { transport: 'tcp', address, port: portOf(server) };
    server.on('connection', (socket) => this.#accept(socket, options));
    server.on('error', () => options.inbound.count('stream_error'));
  }

  /** Takes no more connections; those that are open stay. */
  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket, options: StreamOptions): void {
    const flow = streamFlow(socket, 'tcp', this.point.port);
    if (options.inbound.admits(flow.remoteAddress)) {
      options.inbound.opened(new TcpConnection(socket, flow, options));
    } else {
      socket.destroy();
    }
  }
}

/** Opens a TCP connection to `flow.remoteAddress`; what is sent before it stands waits in it. */
export function connectTcp(flow: Flow, options: StreamOptions): Connection {
  const socket = connect({ host: flow.remoteAddress, port: flow.remotePort, noDelay: true });
  return new TcpConnection(socket, flow, options);
}

class TcpConnection implements Connection {
  readonly reliable = true;
  readonly flow: Flow;
  inFlight = 0;
  readonly #socket: Socket;
  readonly #inbound: Inbound;

  constructor(socket: Socket, flow: Flow, options: StreamOptions) {
    this.flow = flow;
    this.#socket = socket;
    this.#inbound = options.inbound;
    const reader = new StreamReader(this, options.inbound, options.maxMessageBytes);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('data', (bytes) => reader.push(bytes.toString('latin1')));
    socket.on('error', () => this.#inbound.count('stream_error'));
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
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
