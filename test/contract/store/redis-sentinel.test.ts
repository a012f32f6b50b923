import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { bucketOf } from '../../../src/presence/resource.ts';
import { createRedisStore } from '../../../src/store/redis/store.ts';
import { freePort } from '../../support/free-port.ts';
import { randomPrefix } from '../../support/redis.ts';
import { RedisServer } from '../../support/redis-server.ts';
import { BusRecorder, bump, freshResource, soon } from './values.ts';

/** How long a failover may take, in ms. */
const LONG = 30_000;

/*
 *  store      sentinel      master      replica
 *    |--who?----->|           |            |
 *    |<--master---|           |            |
 *    |------change rev 1----->|---copy---->|
 *    |            |           x kill -9    |
 *    |            |-----promote----------->|
 *    |--who?----->|                        |
 *    |------change rev 2------------------>|
 */
it('redis sentinel: after a failover the store goes on at the new master, and says that all may be missed', async () => {
  await using master = await RedisServer.open();
  await using replica = await RedisServer.open({ args: ['--replicaof', '127.0.0.1', String(master.port)] });
  await using stack = new AsyncDisposableStack();
  const port = await startSentinel(master, stack);
  const copy = new Redis(replica.url);
  stack.defer(() => copy.disconnect());
  await soon(async () => expect(await copy.info('replication')).toContain('master_link_status:up'), LONG);
  const sentinel = new Redis(port);
  stack.defer(() => sentinel.disconnect());
  await soon(async () => expect(await sentinel.call('SENTINEL', 'REPLICAS', 'lamps')).toHaveLength(1), LONG);

  const store = await createRedisStore({
    url: `redis://127.0.0.1:${port}?sentinel=lamps`,
    prefix: randomPrefix(),
  });
  stack.defer(() => store.close());
  const heard = new BusRecorder();
  await store.bus.start(heard);
  const resource = freshResource();
  await store.bus.listen(bucketOf(resource));
  expect((await store.boards.change(resource, bump(resource))).board?.rev).toBe(1);
  await soon(async () => expect(await copy.dbsize()).toBeGreaterThan(0), LONG);

  await master.kill();
  const { board } = await soon(() => store.boards.change(resource, bump(resource)), LONG);
  expect(board?.rev).toBe(2);
  await soon(() => expect(heard.misses).toContain(null), LONG);
  await store.boards.change(resource, bump(resource));
  await soon(() => expect(heard.revs(resource).at(-1)).toBe(3), LONG);
});

async function startSentinel(master: RedisServer, stack: AsyncDisposableStack): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'lamplighter-sentinel-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const port = await freePort();
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor lamps 127.0.0.1 ${master.port} 1`,
    'sentinel down-after-milliseconds lamps 500',
    'sentinel failover-timeout lamps 3000',
  ];
  await writeFile(join(dir, 'sentinel.conf'), lines.join('\n'));
  const launched = await master.launcher.launch([join(dir, 'sentinel.conf'), '--sentinel'], dir);
  stack.defer(() => launched.kill());
  return port;
}
