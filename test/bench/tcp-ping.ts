import { connect } from 'node:net';
import { HOST } from './phone-text.ts';

/** True if a TCP connection to that port is accepted. */
export function tcpPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
