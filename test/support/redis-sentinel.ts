import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { RedisServer } from './redis-server.ts';

const NAME = 'lamps';
/** After so many ms without an answer the primary is taken for dead. */
const DOWN_AFTER_MS = 1_000;

/** A primary, a replica, and one sentinel that decides alone. */
export interface SentinelSet extends AsyncDisposable {
  readonly url: string;
  /** The server that was primary first. */
  readonly primary: RedisServer;
  /** Resolves when the replica has become primary. */
  failedOver(): Promise<void>;
}

/** Starts them on loopback; the replica is in step when the promise resolves. */
export async function startSentinelSet(): Promise<SentinelSet> {
  await using opened = new AsyncDisposableStack();
  const primary = opened.use(await RedisServer.open());
  const replica = opened.use(
    await RedisServer.open({ args: ['--replicaof', '127.0.0.1', String(primary.port)] }),
  );
  await inStep(replica);
  const port = await startSentinel(opened, primary);
  const kept = opened.move();
  return {
    url: `redis://127.0.0.1:${port}?sentinel=${NAME}`,
    primary,
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
    `sentinel monitor ${NAME} 127.0.0.1 ${primary.port} 1`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} 5000`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const launched = await primary.launcher.launch([file, '--sentinel'], dir);
  opened.defer(() => launched.kill());
  // It can fail over when it knows the replica, of which the primary tells it every 10 s.
  const sentinel = new Redis({
    host: '127.0.0.1',
    port,
    retryStrategy: () => 50,
    maxRetriesPerRequest: null,
  });
  sentinel.on('error', () => undefined);
  try {
    while (((await sentinel.call('SENTINEL', 'REPLICAS', NAME)) as unknown[]).length === 0) await pause(100);
  } finally {
    sentinel.disconnect();
  }
  return port;
}

function inStep(replica: RedisServer): Promise<void> {
  return untilInfo(replica, 'master_link_status:up');
}

async function untilInfo(server: RedisServer, line: string): Promise<void> {
  const client = new Redis(server.url);
  client.on('error', () => undefined);
  try {
    while (!(await client.info('replication')).includes(line)) await pause(50);
  } finally {
    client.disconnect();
  }
}
