import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { bucketOf } from '../../../src/presence/resource.ts';
import { redisKeys } from '../../../src/store/redis/keys.ts';
import { createRedisStore } from '../../../src/store/redis/store.ts';
import { freePort } from '../../support/free-port.ts';
import { randomPrefix } from '../../support/redis.ts';
import { RedisServer } from '../../support/redis-server.ts';
import { BusRecorder, bump, freshResource, soon } from './values.ts';

/** How long a failover may take, in ms. */
const LONG = 60_000;

/*
 *  store      sentinel      master      replica
 *    |--who?----->|           |            |
 *    |<--master---|           |            |
 *    |------change rev 1----->|---copy---->|
 *    |            |-----promote----------->|
 *    |            |--demote-->|            |
 *    x <----closed------------|            |
 *    |--who?----->|           x kill -9    |
 *    |------change rev 2------------------>|
 *
 * The failover is asked for: a sentinel that is to notice a dead master by itself sleeps for 30 s (TILT) on a
 * machine that stands still for 2 s, and then finds the replica too old.
 */
it('redis sentinel: after a failover the store goes on at the new master, and says that all may be missed', {
  timeout: 2 * LONG,
}, async () => {
  await using master = await RedisServer.open();
  await using replica = await RedisServer.open({ args: ['--replicaof', '127.0.0.1', String(master.port)] });
  await using stack = new AsyncDisposableStack();
  const port = await startSentinel(master, stack);
  const copy = new Redis(replica.url);
  stack.defer(() => copy.disconnect());
  const sentinel = new Redis(port);
  sentinel.on('error', () => undefined);
  stack.defer(() => sentinel.disconnect());
  await soon(async () => expect(await copy.info('replication')).toContain('master_link_status:up'), LONG);

  const prefix = randomPrefix();
  const store = await createRedisStore({ url: `redis://127.0.0.1:${port}?sentinel=lamps`, prefix });
  stack.defer(() => store.close());
  const heard = new BusRecorder();
  await store.bus.start(heard);
  const resource = freshResource();
  const key = redisKeys(prefix).board(resource);
  await store.bus.listen(bucketOf(resource));
  const { board: first } = await store.boards.change(resource, bump(resource));
  await soon(async () => expect(await copy.get(key)).toContain(first?.change), LONG);

  await soon(async () => {
    // Refused while one is under way; asked for again when that one was given up.
    await sentinel.call('SENTINEL', 'FAILOVER', 'lamps').catch(() => undefined);
    expect(await copy.info('replication')).toContain('role:master');
  }, LONG);
  await master.kill();
  const { board: second } = await soon(() => store.boards.change(resource, bump(resource)), LONG);
  expect(second?.rev).toBe(2);
  expect(await copy.get(key)).toContain(second?.change);
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
    'sentinel down-after-milliseconds lamps 5000',
    'sentinel failover-timeout lamps 10000',
  ];
  await writeFile(join(dir, 'sentinel.conf'), lines.join('\n'));
  const launched = await master.launcher.launch([join(dir, 'sentinel.conf'), '--sentinel'], dir);
  stack.defer(() => launched.kill());
  return port;
}
