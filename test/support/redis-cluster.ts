import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { redisKeys } from '../../src/store/redis/keys.ts';
import { slotOf } from '../../src/store/redis/slot.ts';
import { freePort } from './free-port.ts';
import { MAY_COPY, stopCopies } from './redis-copies.ts';
import { RedisServer } from './redis-server.ts';

const SLOTS = 16_384;
const PRIMARIES = 3;
const SHARE = Math.ceil(SLOTS / PRIMARIES);

/** Three primaries, each with a third of the slots. */
export interface RedisCluster {
  readonly url: string;
  /** The primaries, then one replica of each in the same order, if there are any. */
  readonly servers: readonly RedisServer[];
  /** A connection to each node, in the order of `servers`. */
  readonly admins: readonly Redis[];
  [Symbol.asyncDispose](): Promise<void>;
}

export interface RedisClusterOptions {
  /** True: each primary has a replica, which takes its place when it is gone. */
  readonly replicas?: boolean;
}

/** Starts a real Redis Cluster on loopback; it takes writes, and replicas are in step, when the promise resolves. */
export async function startRedisCluster({
  replicas = false,
}: RedisClusterOptions = {}): Promise<RedisCluster> {
  await using opened = new AsyncDisposableStack();
  const count = replicas ? 2 * PRIMARIES : PRIMARIES;
  const servers = await Promise.all(Array.from({ length: count }, startNode));
  for (const server of servers) opened.use(server);
  const admins = servers.map((server) => connectAdmin(server, opened));
  const primaries = admins.slice(0, PRIMARIES);
  for (const [index, admin] of admins.entries()) {
    if (index < PRIMARIES) await admin.call('CLUSTER', 'ADDSLOTSRANGE', ...slotsOf(index));
    await admin.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  }
  for (const node of servers.slice(1)) {
    await admins[0]?.call('CLUSTER', 'MEET', '127.0.0.1', node.port, await busPort(node));
  }
  await Promise.all(admins.map((admin) => agreed(admin, count)));
  for (const [index, primary] of primaries.entries()) {
    const id = String(await primary.call('CLUSTER', 'MYID'));
    await admins[index + PRIMARIES]?.call('CLUSTER', 'REPLICATE', id);
  }
  await Promise.all(admins.slice(PRIMARIES).map(inStep));
  const kept = opened.move();
  return {
    url: `redis://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}?cluster`,
    servers,
    admins,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** A Cluster of which one primary can be lost: the one that has the signs of life of the nodes, besides its lamps. */
export async function startFailingCluster() {
  const cluster = await startRedisCluster({ replicas: true });
  const victim = Math.floor(slotOf(redisKeys('lamp').signs()) / SHARE);
  const [primary, replica] = [cluster.admins[victim], cluster.admins[victim + PRIMARIES]];
  if (primary === undefined || replica === undefined) throw new Error('no such node');
  return {
    url: cluster.url,
    stopCopies: () => stopCopies(primary),
    killPrimary: async () => cluster.servers[victim]?.kill(),
    failedOver: async () => {
      while (!(await replica.info('replication')).includes('role:master')) await pause(50);
    },
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

function slotsOf(index: number): readonly [number, number] {
  return [index * SHARE, Math.min((index + 1) * SHARE, SLOTS) - 1];
}

async function startNode(): Promise<RedisServer> {
  const clusterPort = String(await freePort());
  const cluster = ['--cluster-enabled', 'yes', '--cluster-port', clusterPort];
  return RedisServer.open({ args: [...cluster, '--cluster-node-timeout', '2000', ...MAY_COPY] });
}

function connectAdmin(server: RedisServer, opened: AsyncDisposableStack): Redis {
  const admin = new Redis(server.url);
  // A test may kill a node: its connection comes back by itself.
  admin.on('error', () => undefined);
  opened.defer(() => admin.disconnect());
  return admin;
}

async function busPort(server: RedisServer): Promise<string> {
  const admin = new Redis(server.url);
  try {
    return String(((await admin.config('GET', 'cluster-port')) as string[])[1]);
  } finally {
    admin.disconnect();
  }
}

async function agreed(admin: Redis, count: number): Promise<void> {
  for (;;) {
    const info = String(await admin.call('CLUSTER', 'INFO'));
    if (info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${count}`)) return;
    await pause(50);
  }
}

async function inStep(replica: Redis): Promise<void> {
  while (!(await replica.info('replication')).includes('master_link_status:up')) await pause(50);
}
