import type { Socket } from 'node:net';
import type { Flow, Transport } from '../../ports/edge.ts';
import { plainAddress } from './address.ts';

/** The flow of a stream that a peer has opened to the port `localPort`. */
export function streamFlow(socket: Socket, transport: Transport, localPort: number): Flow {
  return {
    transport,
    remoteAddress: plainAddress(socket.remoteAddress ?? ''),
    remotePort: socket.remotePort ?? 0,
    localAddress: plainAddress(socket.localAddress ?? ''),
    localPort,
  };
}
