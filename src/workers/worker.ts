import { Fault } from '../errors.ts';
import { serve } from '../server.ts';
import { type Lane, openLane } from './lane.ts';
import { nodeOfWorker } from './node-name.ts';
import { PrimaryLink } from './primary-link.ts';

/** How often a worker tells its primary that it is not stuck, in ms. */
const ALIVE_MS = 1_000;

/** Runs one of several processes of a machine, as its primary orders, until that or a signal asks it to end. */
async function runWorker(link: PrimaryLink): Promise<void> {
  const alive = setInterval(() => void link.send({ kind: 'alive' }), ALIVE_MS);
  const signalled = Promise.withResolvers<null>();
  // A terminal, or the manager of a service, signals every process of it.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => signalled.resolve(null));
  const stopped = Promise.race([link.stopped, signalled.promise]);
  try {
    const { worker, secret } = await link.orders;
    const lane = await openLane({ worker, secret: Buffer.from(secret, 'hex') });
    link.onLanes = (ports) => lane.learn(ports);
    await link.send({ kind: 'lane', port: lane.port });
    await serveUntil(stopped, link, lane);
    await lane.close();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    await link.send({ kind: 'fault', code: error.code, message: error.message });
  } finally {
    clearInterval(alive);
  }
}

async function serveUntil(stopped: Promise<null>, link: PrimaryLink, lane: Lane): Promise<void> {
  const { worker, config, udpPort } = await link.orders;
  const server = await serve(
    { ...config, nodeId: nodeOfWorker(config.nodeId, worker) },
    {
      worker,
      siblings: lane,
      udpPort,
      ask: (question) => link.ask(question),
      answer: (question, give) => link.answer(question, give),
    },
  );
  const { edge, http, takenUp, reload } = server;
  if (reload !== null) {
    link.onReload = reload;
    // The primary passes it on.
    process.on('SIGHUP', () => {});
  }
  await link.send({ kind: 'up', up: { edge, http, takenUp } });
  const displaced = await Promise.race([stopped, server.displaced]);
  await server.stop();
  if (displaced !== null) throw displaced;
}

await runWorker(
  new PrimaryLink({
    listen: (listener) => void process.on('message', listener),
    send: (message, sent) => void process.send?.(message, () => sent()),
  }),
);
process.disconnect();
