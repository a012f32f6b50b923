import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisTarget } from './redis-url.ts';
import { watchSilence } from './silence-watch.ts';

/** Longer than this a connection attempt does not take, in ms. */
const CONNECT_TIMEOUT = 2000;

/** What ioredis takes, but replies always come in their RESP2 shapes. */
type ServerOptions = Omit<RedisOptions, 'replyMapping'>;

/** The connection for commands. It connects at once and again whenever it is lost, and fails what it cannot send. */
export function connectRedis(target: RedisTarget): Redis | Cluster {
  if (target.kind !== 'cluster') return lasting(new Redis(serverOptions(target)));
  const cluster = connectCluster(target);
  cluster.once(
    'end',
    watchSilence(() => cluster.nodes('all')),
  );
  return cluster;
}

/** A connection that hears channels: of the server, or of one node (`host:port`) of a Cluster. */
export function connectSubscriber(target: RedisTarget, node: string | null): Redis {
  // Channels are subscribed again by the bus itself, which must know when that is done.
  const options = { ...serverOptions(target), autoResubscribe: false };
  if (node === null) return lasting(new Redis(options));
  const colon = node.lastIndexOf(':');
  return lasting(new Redis({ ...options, host: node.slice(0, colon), port: Number(node.slice(colon + 1)) }));
}

/** Ends a connection for good, at once. */
export function endConnection(client: Redis | Cluster): void {
  ended.add(client);
  client.disconnect();
}

/** Ends a connection for good when what is under way has been answered. */
export async function leaveConnection(client: Redis | Cluster): Promise<void> {
  ended.add(client);
  if (client.status === 'ready') await client.quit().catch(() => undefined);
  client.disconnect();
}

/** What was ended for good: every other connection is made again. */
const ended = new WeakSet<Redis | Cluster>();

/** How long a connection rests that ioredis has given up, in ms. */
const REST = 250;

/**
 * The connection, made anew whenever it falls silent or ioredis gives it up: that happens although `retryStrategy` never
 * does, when a sentinel tells of a new master while the old one is being looked for.
 */
function lasting(redis: Redis): Redis {
  const endWatch = watchSilence(() => [redis]);
  redis.on('end', () => {
    if (ended.has(redis)) endWatch();
    else setTimeout(() => revive(redis), REST).unref();
  });
  return redis;
}

function revive(redis: Redis): void {
  // What goes wrong is told by its `error` event.
  if (!ended.has(redis) && redis.status === 'end') redis.connect().catch(() => undefined);
}

function serverOptions(target: RedisTarget): ServerOptions {
  const options = {
    ...commonOptions(target),
    enableOfflineQueue: false,
    // Commands that were under way when the connection broke fail at once: the caller decides what follows.
    maxRetriesPerRequest: 0,
    retryStrategy: backoff,
    db: target.db,
  };
  if (target.kind !== 'sentinel') return { ...options, ...target.addresses[0] };
  return {
    ...options,
    sentinels: target.addresses.map((address) => ({ ...address })),
    name: target.master,
    sentinelRetryStrategy: backoff,
    failoverDetector: true,
  };
}

function connectCluster(target: RedisTarget): Cluster {
  return new Cluster(
    target.addresses.map((address) => ({ ...address })),
    {
      redisOptions: commonOptions(target),
      enableOfflineQueue: false,
      clusterRetryStrategy: backoff,
      slotsRefreshInterval: 2500,
      maxRedirections: 8,
    },
  );
}

function commonOptions(target: RedisTarget) {
  return {
    username: target.username || undefined,
    password: target.password || undefined,
    connectTimeout: CONNECT_TIMEOUT,
    autoResendUnfulfilledCommands: false,
    connectionName: 'lamplighter',
    // A server that was made a replica refuses writes: the next connection finds the new master.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    ...(target.tls ? { tls: {} } : {}),
  };
}

/** 50 ms, then twice as long each time, up to a second; less a random part so that nodes do not come together. */
function backoff(times: number): number {
  const longest = Math.min(50 * 2 ** Math.min(times - 1, 10), 1000);
  return Math.round(longest * (0.5 + Math.random() / 2));
}
