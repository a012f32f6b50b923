import type { Socket } from 'node:net';
import type { Clock } from '../../ports/clock.ts';

/** ms after which a peer that does not close its side is left. */
const PATIENCE_MS = 1000;

/** Resolves when a socket is closed: once what was written is on the wire and the peer has closed, or after 1 s. */
export async function endSocket(socket: Socket | null, clock: Clock): Promise<void> {
  if (socket === null || socket.destroyed) return;
  await new Promise<void>((resolve) => {
    const cancel = clock.after(PATIENCE_MS, () => socket.destroy());
    socket.once('close', () => {
      cancel();
      resolve();
    });
    socket.end();
  });
}
