import { createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until nobody else on this machine holds `name`, and holds it until disposed of, or until the process ends.
 * For what tests of different files share and can only use one after the other.
 */
export async function exclusive(name: string): Promise<AsyncDisposable> {
  for (;;) {
    const server = await claim(name);
    if (server !== null) return { [Symbol.asyncDispose]: () => release(server) };
    await pause(100);
  }
}

/** Null when another holds the name: an abstract Unix socket can be listened on once, and goes with its process. */
function claim(name: string): Promise<Server | null> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen(`\0lamplighter-test-${name}`, () => resolve(server));
  });
}

function release(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
