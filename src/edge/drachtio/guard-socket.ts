import type { Socket } from 'node:net';

/**
 * Puts a net under what drachtio-srf does with the octets of a socket: it throws on a broken frame out of the
 * event loop, which would end the process. Here the socket is destroyed instead, and drachtio-srf connects again.
 *
 * @param heard is called for every chunk, `broken` once for what was thrown.
 */
export function guardSocket(
  socket: Socket,
  { heard, broken }: { heard(): void; broken(error: unknown): void },
): void {
  const readers = socket.listeners('data');
  socket.removeAllListeners('data');
  socket.on('data', (chunk: Buffer) => {
    // What still arrives of a stream that is broken means nothing.
    if (socket.destroyed) return;
    heard();
    try {
      for (const read of readers) read.call(socket, chunk);
    } catch (error) {
      broken(error);
      socket.destroy();
    }
  });
}
