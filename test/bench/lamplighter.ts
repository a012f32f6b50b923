import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { type Contestant, PARTS, type Part, type Running } from './contestant.ts';
import { missingDrachtio, openDrachtio } from './drachtio.ts';
import { HOST } from './phone-text.ts';
import { OTHER_CORE, SERVER_CORE, type Started, start } from './process.ts';
import { redisProgram, startRedis } from './redis.ts';
import { freeUdpPort } from './sip-ping.ts';

/** An edge and a store to run Lamplighter with. */
export interface Combination {
  readonly edge: 'embedded' | 'drachtio';
  readonly store: 'sqlite' | 'redis';
}

/** Faster than any workload here changes one presence ID: pacing does its sums, but holds nothing back. */
const PACING = { LAMPLIGHTER_PACING_BURST: '1000', LAMPLIGHTER_PACING_PER_SECOND: '1000' };

/** Lamplighter with one edge and one store, states changed by HTTP PUT. */
export function lamplighter(combination: Combination): Contestant {
  const { edge, store } = combination;
  return {
    name: `Lamplighter, ${edge} edge, ${store === 'redis' ? 'Redis' : 'SQLite'}`,
    note: noteOf(combination),
    missing: missing(combination),
    parts: partsOf(combination),
    start: () => run(combination),
  };
}

function noteOf({ edge }: Combination): string {
  const common = 'durable; states changed by HTTP PUT, whose CPU is in the figures; pacing set to 1000/s';
  return edge === 'drachtio'
    ? `${common}; drachtio-server has the server's core to itself, Lamplighter is on the other one`
    : common;
}

/** SQLite is beside the point of most figures, and 100,000 subscriptions through drachtio take minutes. */
function partsOf({ edge, store }: Combination): readonly Part[] {
  if (store === 'sqlite') return ['subscribe', 'notify'];
  return edge === 'embedded' ? PARTS : PARTS.filter((part) => part !== 'memory');
}

function missing({ edge, store }: Combination): string | null {
  if (store === 'redis' && redisProgram() === null) return 'apt-get install redis-server';
  return edge === 'drachtio' ? missingDrachtio() : null;
}

async function run({ edge, store }: Combination): Promise<Running> {
  await using started = new AsyncDisposableStack();
  const env: Record<string, string> = { ...PACING, LAMPLIGHTER_LOG_LEVEL: 'error' };
  const processes: Record<string, number> = {};
  if (store === 'redis') {
    const redis = await startRedis(redisProgram() ?? '');
    started.defer(redis.stop);
    processes.redis = redis.pid;
    env.REDIS_URL = redis.url;
  }
  let sipPort = await freeUdpPort();
  if (edge === 'drachtio') {
    const drachtio = await openDrachtio();
    started.defer(drachtio.stop);
    if (drachtio.pid !== null) processes.drachtio = drachtio.pid;
    env.DRACHTIO_HOST = drachtio.admin;
    sipPort = drachtio.sipPort;
  }
  const core = edge === 'drachtio' ? OTHER_CORE : SERVER_CORE;
  const server = await startServer({ sipPort, env, core });
  started.defer(server.stop);
  processes.lamplighter = server.pid;
  const running = started.move();
  const target = { sipPort, httpPort: server.httpPort, processes };
  return {
    target,
    server: 'lamplighter',
    redisUrl: env.REDIS_URL ?? null,
    stop: () => running.disposeAsync(),
  };
}

interface ServerOptions {
  readonly sipPort: number;
  readonly env: Readonly<Record<string, string>>;
  readonly core: number;
}

async function startServer({
  sipPort,
  env,
  core,
}: ServerOptions): Promise<Started & { readonly httpPort: number }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lamplighter-bench-'));
  const httpPort = await freePort();
  const main = new URL('../../src/main.ts', import.meta.url).pathname;
  const started = await start({
    command: [process.execPath, ...(process.env.BENCH_NODE_ARGS?.split(' ') ?? []), main],
    core,
    env: {
      ...env,
      LAMPLIGHTER_DATA_DIR: dataDir,
      LAMPLIGHTER_SIP_PORT: String(sipPort),
      LAMPLIGHTER_SIP_TCP: 'false',
      LAMPLIGHTER_SIP_WS: 'false',
      LAMPLIGHTER_HTTP_PORT: String(httpPort),
    },
    ready: async () => (await fetch(`http://${HOST}:${httpPort}/readyz`)).ok,
  });
  const stop = async () => {
    await started.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { pid: started.pid, stop, httpPort };
}
