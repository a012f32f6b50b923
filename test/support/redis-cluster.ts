import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { RedisServer } from './redis-server.ts';

const SLOTS = 16_384;

/** Three masters, each with a third of the slots. */
export interface RedisCluster {
  readonly url: string;
  readonly servers: readonly RedisServer[];
  /** A connection to each node, in the order of `servers`. */
  readonly admins: readonly Redis[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a real Redis Cluster on loopback; it takes writes when the promise resolves. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const servers = await Promise.all([startNode(), startNode(), startNode()]);
  const admins = servers.map((server) => new Redis(server.url));
  // A test may kill a node: its connection comes back by itself.
  for (const admin of admins) admin.on('error', () => undefined);
  const share = Math.ceil(SLOTS / servers.length);
  for (const [index, admin] of admins.entries()) {
    const last = Math.min((index + 1) * share, SLOTS) - 1;
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', index * share, last);
    await admin.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  }
  for (const node of servers.slice(1)) {
    await admins[0]?.call('CLUSTER', 'MEET', '127.0.0.1', node.port, await busPort(node));
  }
  await Promise.all(admins.map(agreed));
  return {
    url: `redis://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}?cluster`,
    servers,
    admins,
    [Symbol.asyncDispose]: async () => {
      for (const admin of admins) admin.disconnect();
      await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
    },
  };
}

async function startNode(): Promise<RedisServer> {
  const clusterPort = String(await freePort());
  return RedisServer.open({
    args: ['--cluster-enabled', 'yes', '--cluster-port', clusterPort, '--cluster-node-timeout', '2000'],
  });
}

async function busPort(server: RedisServer): Promise<string> {
  const admin = new Redis(server.url);
  try {
    return String(((await admin.config('GET', 'cluster-port')) as string[])[1]);
  } finally {
    admin.disconnect();
  }
}

async function agreed(admin: Redis): Promise<void> {
  for (;;) {
    const info = String(await admin.call('CLUSTER', 'INFO'));
    if (info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3')) return;
    await pause(50);
  }
}
