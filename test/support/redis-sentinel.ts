import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { MAY_COPY, stopCopies } from './redis-copies.ts';
import { RedisServer } from './redis-server.ts';

const NAME = 'lamps';
const SENTINELS = 3;
/** After so many ms without an answer the primary is taken for dead. */
const DOWN_AFTER_MS = 1_000;
/** Their habits in ms: known to each other soon; a machine that halts must not send them to sleep for 30 s (TILT). */
const HABITS = { 'info-period': 500, 'publish-period': 500, 'tilt-trigger': 20_000, 'tilt-period': 1_000 };

/** A primary, a replica, and three sentinels of which two decide. */
export interface SentinelSet extends AsyncDisposable {
  readonly url: string;
  /** The server that was primary first. */
  readonly primary: RedisServer;
  /** Has the replica copy no more: what is written from now on is lost with the primary. */
  stopCopies(): Promise<void>;
  killPrimary(): Promise<void>;
  /** Resolves when the replica has become primary. */
  failedOver(): Promise<void>;
}

/** Starts them on loopback; the replica is in step, and all know each other, when the promise resolves. */
export async function startSentinelSet(): Promise<SentinelSet> {
  await using opened = new AsyncDisposableStack();
  const primary = opened.use(await RedisServer.open({ args: MAY_COPY }));
  const of = ['--replicaof', '127.0.0.1', String(primary.port)];
  const replica = opened.use(await RedisServer.open({ args: [...of, ...MAY_COPY] }));
  await untilInfo(replica, 'master_link_status:up');
  const ports = await Promise.all(Array.from({ length: SENTINELS }, () => startSentinel(opened, primary)));
  await Promise.all(ports.map(knowsAll));
  const kept = opened.move();
  return {
    url: `redis://${ports.map((port) => `127.0.0.1:${port}`).join(',')}?sentinel=${NAME}`,
    primary,
    stopCopies: () => withClient(primary.port, stopCopies),
    killPrimary: () => primary.kill(),
    failedOver: () => untilInfo(replica, 'role:master'),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function startSentinel(opened: AsyncDisposableStack, primary: RedisServer): Promise<number> {
  const [port, dir] = await Promise.all([freePort(), mkdtemp(join(tmpdir(), 'lamplighter-sentinel-'))]);
  opened.defer(() => rm(dir, { recursive: true, force: true }));
  const file = join(dir, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dir}`,
    `sentinel monitor ${NAME} 127.0.0.1 ${primary.port} 2`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} 5000`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const launched = await primary.launcher.launch([file, '--sentinel'], dir);
  opened.defer(() => launched.kill());
  return port;
}

/** A failover can be when each sentinel knows the replica and the other two. */
function knowsAll(port: number): Promise<void> {
  return withClient(port, async (sentinel) => {
    // Before Redis 7 they have their habits for good.
    await sentinel.call('SENTINEL', 'DEBUG', ...Object.entries(HABITS).flat()).catch(() => undefined);
    const count = async (what: string) => ((await sentinel.call('SENTINEL', what, NAME)) as unknown[]).length;
    while ((await count('REPLICAS')) < 1 || (await count('SENTINELS')) < SENTINELS - 1) await pause(100);
  });
}

async function untilInfo(server: RedisServer, line: string): Promise<void> {
  await withClient(server.port, async (client) => {
    while (!(await client.info('replication')).includes(line)) await pause(50);
  });
}

async function withClient(port: number, use: (client: Redis) => Promise<void>): Promise<void> {
  const options = { host: '127.0.0.1', port, retryStrategy: () => 50, maxRetriesPerRequest: null };
  const client = new Redis(options);
  client.on('error', () => undefined);
  try {
    await use(client);
  } finally {
    client.disconnect();
  }
}
