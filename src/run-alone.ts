import type { Config } from './config.ts';
import { serve } from './server.ts';
import { welcome } from './welcome.ts';

/** Runs Lamplighter as one process until SIGTERM or SIGINT. Rejects with the Fault that keeps it from running. */
export async function runAlone(config: Config): Promise<void> {
  const server = await serve(config);
  console.log(welcome(config, server).join('\n'));
  const { reload } = server;
  // Without a certificate, a terminal that is closed ends the process as ever.
  if (reload !== null) process.on('SIGHUP', reload);
  const displaced = await Promise.race([untilStopped(), server.displaced]);
  if (reload !== null) process.off('SIGHUP', reload);
  await server.stop();
  if (displaced !== null) throw displaced;
}

/** Resolves at the first signal; until then the process stays alive. */
function untilStopped(): Promise<null> {
  const { promise, resolve } = Promise.withResolvers<null>();
  const alive = setInterval(() => {}, 0x7fffffff);
  const stop = () => {
    clearInterval(alive);
    resolve(null);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  return promise;
}
