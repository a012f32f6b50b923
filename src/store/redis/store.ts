import type { Store } from '../../ports/store.ts';
import { SILENT, type StoreLog } from '../store-log.ts';
import { RedisBoards } from './boards.ts';
import { type BusEvent, RedisBus } from './bus.ts';
import { RedisCallflows } from './callflows.ts';
import { Connection } from './connection.ts';
import { RedisCredentials } from './credentials.ts';
import { redisKeys } from './keys.ts';
import { RedisLists } from './lists.ts';
import { RedisNodes } from './nodes.ts';
import { RedisPost } from './post.ts';
import { parseRedisUrl } from './redis-url.ts';
import { checkServers } from './server-check.ts';
import { RedisSubscriptions } from './subscriptions.ts';

/** How long the start waits for Redis, in ms: what cannot be reached then ends the process, also on a busy machine. */
const FIRST_WAIT = 5000;

export interface RedisStoreOptions {
  /** `redis[s]://[user:password@]host[:port][,host[:port]...][/db][?cluster or ?sentinel=<master>]`. */
  readonly url: string;
  /** What every key begins with. */
  readonly prefix: string;
  /** True: a server that may evict is refused, not only warned of. */
  readonly noEviction?: boolean;
  readonly log?: StoreLog;
  /** Told of announcements that could not be read, and of times when some may have been missed. */
  readonly count?: (event: BusEvent) => void;
}

/**
 * The store on Redis 6.2 or later (7.0 on a Cluster), or Valkey. Resolves also when it cannot be reached yet:
 * `ready()` is false then, and the bus says `missed(null)` when it is there. CONFIG_INVALID for a bad URL or prefix,
 * STORE_UNFIT for a server that may evict, if `noEviction` is wanted.
 */
export async function createRedisStore(options: RedisStoreOptions): Promise<Store> {
  const { url, prefix, noEviction = false, log = SILENT, count = () => undefined } = options;
  const keys = redisKeys(prefix);
  const connection = new Connection(parseRedisUrl(url), log);
  const bus = new RedisBus(connection, keys, count);
  const post = new RedisPost(connection, keys);
  const subscriptions = new RedisSubscriptions(connection, keys, log);
  const store: Store = {
    name: 'redis',
    boards: new RedisBoards(connection, keys),
    subscriptions,
    callflows: new RedisCallflows(connection, keys, log),
    lists: new RedisLists(connection, keys, log),
    credentials: new RedisCredentials(connection, keys),
    nodes: new RedisNodes(connection, keys),
    bus,
    post,
    ready: () => connection.ready(),
    unsettled: () => connection.unsettled(),
    close: async () => {
      bus.close();
      post.close();
      subscriptions.flush();
      await connection.close();
    },
  };
  await connection.settled(FIRST_WAIT);
  try {
    if (connection.ready()) await checkServers(connection, { log, noEviction });
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}
