import { createServer, type Server, type Socket } from 'node:net';
import type { Flow, ListenPoint, Transport } from '../../ports/edge.ts';
import type { Inbound } from './inbound.ts';
import type { Lifeline } from './lifeline.ts';
import { streamFlow } from './stream-flow.ts';
import type { StreamGuard } from './stream-guard.ts';

/** What every stream needs. */
export interface StreamOptions {
  readonly inbound: Inbound;
  readonly guard: StreamGuard;
  readonly maxMessageBytes: number;
}

/** A stream that a peer has opened and that may stay, with no octet of it read. */
export interface Accepted {
  readonly socket: Socket;
  readonly flow: Flow;
  readonly lifeline: Lifeline;
}

/** Speaks a protocol on a stream that was accepted. */
export type Protocol = (accepted: Accepted) => void;

/** Where a protocol is spoken. */
export interface StreamPlace {
  readonly transport: Transport;
  readonly address: string;
  /** 0: the system chooses. */
  readonly port: number;
}

/** Listens for streams and hands each that is admitted to `protocol`. Rejects with the error of the system. */
export async function listenStream(
  place: StreamPlace,
  options: StreamOptions,
  protocol: Protocol,
): Promise<StreamListener> {
  const { transport, address, port } = place;
  const server = createServer({ noDelay: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port, ipv6Only: address.includes(':') }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const point = { transport, address, port: portOf(server) };
  server.on('connection', (socket) => accept(socket, { point, options, protocol }));
  server.on('error', () => options.inbound.count('stream_error'));
  return new StreamListener(server, point);
}

/** One open listener of streams. */
export class StreamListener {
  readonly point: ListenPoint;
  readonly #server: Server;

  constructor(server: Server, point: ListenPoint) {
    this.#server = server;
    this.point = point;
  }

  /** Takes no more streams; resolves when those that are open have been closed. */
  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

interface Door {
  readonly point: ListenPoint;
  readonly options: StreamOptions;
  readonly protocol: Protocol;
}

function accept(socket: Socket, { point, options, protocol }: Door): void {
  const { inbound, guard } = options;
  const flow = streamFlow(socket, point.transport, point.port);
  socket.on('error', () => inbound.count('stream_error'));
  // A peer that is gone already has no address.
  const admitted = flow.remoteAddress !== '' && inbound.admits(flow.remoteAddress);
  const lifeline = admitted ? guard.accept(socket, flow.remoteAddress) : null;
  if (lifeline === null) socket.destroy();
  else protocol({ socket, flow, lifeline });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
