import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/ports/store.ts';
import { bucketOf, formatResource } from '../../../src/presence/resource.ts';
import { redisKeys } from '../../../src/store/redis/keys.ts';
import { connectRedis, endConnection } from '../../../src/store/redis/redis-client.ts';
import { parseRedisUrl } from '../../../src/store/redis/redis-url.ts';
import { createRedisStore } from '../../../src/store/redis/store.ts';
import { randomPrefix } from '../../support/redis.ts';
import { RedisServer } from '../../support/redis-server.ts';
import { BusRecorder, blank, bump, freshResource, NOW, recordOf, soon } from './values.ts';

describe('redis store when things break', () => {
  let server: RedisServer;
  let admin: Redis;
  let store: Store;
  let heard: BusRecorder;
  const prefix = randomPrefix();
  const keys = redisKeys(prefix);
  const warnings: string[] = [];
  const counted: string[] = [];

  beforeEach(async () => {
    server = await RedisServer.open();
    admin = new Redis(server.url, { retryStrategy: () => 50 });
    admin.on('error', () => undefined);
    store = await createRedisStore({
      url: server.url,
      prefix,
      log: { info: () => undefined, warn: (message) => void warnings.push(message) },
      count: (event) => void counted.push(event),
    });
    heard = new BusRecorder();
    await store.bus.start(heard);
  });
  afterEach(async () => {
    await store.close();
    admin.disconnect();
    await server[Symbol.asyncDispose]();
  });

  it('a subscriber connection that is killed: what was missed meanwhile is told, and later boards are heard', async () => {
    const resource = freshResource();
    await store.bus.listen(bucketOf(resource));
    await store.boards.change(resource, bump(resource));
    await soon(() => expect(heard.revs(resource)).toEqual([1]));
    await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await store.boards.change(resource, bump(resource));
    await soon(() => expect(heard.misses).toContain(null));
    await store.boards.change(resource, bump(resource));
    await soon(() => expect(heard.revs(resource).at(-1)).toBe(3));
    expect(heard.misses).toEqual([null]);
  });

  it('a node is spoken to again after its connection was killed', async () => {
    const ids: string[] = [];
    await store.post.open('node1', ({ id }) => void ids.push(id));
    await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await soon(async () => {
      await store.post.say('node1', { kind: 'taken', id: 'b7-again', epoch: 2, from: 'node2' });
      expect(ids).toContain('b7-again');
    });
  });

  it('the index of watched IDs forgets by itself those that were watched once', async () => {
    const { realm } = freshResource();
    const longAgo = Date.now() - 2 * 3_600_000;
    for (let user = 0; user < 50; user += 1) {
      const record = recordOf({ realm, user: String(user) }, { expiresAt: longAgo });
      await store.subscriptions.create(record);
    }
    expect(await admin.zcard(keys.watched(realm))).toBeLessThanOrEqual(1);
    expect(await admin.zcard(keys.watchedUntil(realm))).toBeLessThanOrEqual(1);
    expect(await admin.pttl(keys.watchStamp(realm))).toBeGreaterThan(0);
  });

  it('an announcement that never comes is told by comparing the counter', async () => {
    const [resource, quiet] = [freshResource(), freshResource()];
    await store.bus.listen(bucketOf(resource));
    await store.bus.listen(bucketOf(quiet));
    await admin.incr(keys.seq(bucketOf(resource)));
    await soon(() => expect(heard.missedBucket(bucketOf(resource))).toBe(true));
    expect(heard.missedBucket(bucketOf(quiet))).toBe(bucketOf(quiet) === bucketOf(resource));
    heard.misses.splice(0);
    await store.boards.change(resource, bump(resource));
    await pause(3500);
    expect(heard.misses).toEqual([]);
  });

  it('a jump in the numbers of announcements is told at once', async () => {
    const resource = freshResource();
    await store.bus.listen(bucketOf(resource));
    await admin.incrby(keys.seq(bucketOf(resource)), 5);
    await store.boards.change(resource, bump(resource));
    await soon(() => expect(heard.misses).toEqual([new Set([bucketOf(resource)])]));
    expect(heard.revs(resource)).toEqual([1]);
  });

  it.each(['', 'x', '1', '1 {', '2 {"rev":1}', '1 null', '{"resource":{}}'])(
    'an announcement that cannot be read, "%s", counts as missed and ends nothing',
    async (text) => {
      const resource = freshResource();
      await store.bus.listen(bucketOf(resource));
      await admin.publish(keys.channel(bucketOf(resource)), text);
      await soon(() => expect(heard.missedBucket(bucketOf(resource))).toBe(true));
      expect(counted).toContain('malformed');
      await store.boards.change(resource, bump(resource));
      await soon(() => expect(heard.revs(resource)).toEqual([1]));
    },
  );

  it('data that is lost (FLUSHALL) is told once, of all buckets: records are gone, too; boards begin anew', async () => {
    const [resource, quiet] = [freshResource(), freshResource()];
    await store.bus.listen(bucketOf(resource));
    await store.bus.listen(bucketOf(quiet));
    await store.boards.change(resource, bump(resource));
    await store.boards.change(resource, bump(resource));
    await soon(() => expect(heard.revs(resource)).toEqual([1, 2]));
    await admin.flushall();
    await soon(() => expect(heard.misses).toEqual([null]));
    const { board } = await store.boards.change(resource, bump(resource));
    expect(board?.rev).toBe(1);
    await pause(3500);
    expect(heard.misses).toEqual([null]);
  });

  it('data that is lost before any board has changed is told by the next heartbeat, once', async () => {
    const self = { node: 'node1', instance: 'process' };
    for (let beats = 0; beats < 3; beats += 1) {
      expect(await store.nodes.beat(self, null)).toMatchObject({ ok: true, lost: false });
    }
    await admin.flushall();
    expect(await store.nodes.beat(self, null)).toMatchObject({ ok: true, lost: true });
    expect(await store.nodes.beat(self, null)).toMatchObject({ ok: true, lost: false });
  });

  it('a process that takes a name, or leaves and comes again, has lost nothing', async () => {
    const [first, next] = [
      { node: 'node1', instance: 'one' },
      { node: 'node1', instance: 'two' },
    ];
    await store.nodes.beat(first, null);
    await store.nodes.leave(first);
    expect(await store.nodes.beat(next, null)).toMatchObject({ ok: true, lost: false });
    expect(await store.nodes.beat(first, null)).toMatchObject({ ok: false, lost: false });
  });

  it('an announcement whose number goes back tells at once that data is lost', async () => {
    const resource = freshResource();
    await store.bus.listen(bucketOf(resource));
    for (let rev = 1; rev <= 3; rev += 1) await store.boards.change(resource, bump(resource));
    await soon(() => expect(heard.revs(resource)).toEqual([1, 2, 3]));
    await admin.flushall();
    await store.boards.change(resource, bump(resource));
    await soon(() => expect(heard.misses).toEqual([null]), 1000);
  });

  it('a server that is gone: writes fail at once with STORE_AWAY; when it is back all is there and all may be missed', async () => {
    const resource = freshResource();
    const record = recordOf(resource, { expiresAt: Date.now() + 3_600_000 });
    await store.bus.listen(bucketOf(resource));
    await store.boards.change(resource, bump(resource));
    await store.subscriptions.create(record);
    await server.kill();
    await soon(() => expect(store.ready()).toBe(false));
    const begin = performance.now();
    await expect(store.boards.change(resource, bump(resource))).rejects.toMatchObject({ code: 'STORE_AWAY' });
    await expect(store.boards.get(resource)).rejects.toMatchObject({ code: 'STORE_AWAY' });
    await expect(store.boards.getMany([resource])).rejects.toMatchObject({ code: 'STORE_AWAY' });
    await expect(store.boards.list(resource.realm, null, 5)).rejects.toMatchObject({ code: 'STORE_AWAY' });
    await expect(store.boards.due(NOW, 5)).rejects.toMatchObject({ code: 'STORE_AWAY' });
    await expect(store.subscriptions.create(recordOf(resource))).rejects.toMatchObject({
      code: 'STORE_AWAY',
    });
    await expect(store.subscriptions.update(record, 1)).rejects.toMatchObject({ code: 'STORE_AWAY' });
    await expect(store.subscriptions.remove(record)).rejects.toMatchObject({ code: 'STORE_AWAY' });
    await expect(store.subscriptions.find(record.id)).rejects.toMatchObject({ code: 'STORE_AWAY' });
    await expect(store.subscriptions.watchers(resource, NOW)).rejects.toMatchObject({ code: 'STORE_AWAY' });
    await expect(store.bus.listen(4095)).rejects.toMatchObject({ code: 'STORE_AWAY' });
    expect(performance.now() - begin).toBeLessThan(1000);

    heard.misses.splice(0);
    await server.start();
    await soon(() => expect(heard.misses).toContain(null));
    expect(store.ready()).toBe(true);
    expect(store.unsettled()).toBe(true);
    expect((await store.boards.get(resource))?.rev).toBe(1);
    expect(await store.subscriptions.find(record.id)).toEqual(record);
    const { board } = await store.boards.change(resource, bump(resource));
    expect(board?.rev).toBe(2);
    await soon(() => expect(heard.revs(resource).at(-1)).toBe(2));
    expect(warnings.filter((line) => line.startsWith('Cannot reach Redis'))).toHaveLength(1);
  });

  it('a connection that ioredis gives up is made again; one that was ended is not', async () => {
    const client = connectRedis(parseRedisUrl(server.url));
    await soon(() => expect(client.status).toBe('ready'));
    // As at a sentinel's word while a connection is being made.
    client.disconnect();
    await soon(() => expect(client.status).toBe('end'));
    await soon(() => expect(client.status).toBe('ready'));
    endConnection(client);
    await soon(() => expect(client.status).toBe('end'));
    await pause(1000);
    expect(client.status).toBe('end');
  });

  it('a process that was halted itself loses no connection: replies that came meanwhile are taken', async () => {
    const resource = freshResource();
    const commands = [1, 2, 3].map(() => store.boards.get(resource));
    // A halt of this process as of a busy host: nothing turns for three seconds.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
    await expect(Promise.all(commands)).resolves.toEqual([null, null, null]);
    expect(store.ready()).toBe(true);
  });

  it('a server that is frozen: writes fail with STORE_AWAY within 3 s, and go on when it is well again', async () => {
    const resource = freshResource();
    await admin.client('PAUSE', 4000, 'ALL');
    const begin = performance.now();
    await expect(store.boards.change(resource, bump(resource))).rejects.toMatchObject({ code: 'STORE_AWAY' });
    expect(performance.now() - begin).toBeLessThan(3000);
    await soon(() => expect(heard.misses).toContain(null), 12_000);
    expect((await store.boards.change(resource, bump(resource))).changed).toBe(true);
  });

  it('a server that comes up later than the store', async () => {
    await server.kill();
    const late = await createRedisStore({ url: server.url, prefix });
    const lateHeard = new BusRecorder();
    await late.bus.start(lateHeard);
    expect(late.ready()).toBe(false);
    await server.start();
    await soon(() => expect(lateHeard.misses).toContain(null));
    expect(late.ready()).toBe(true);
    await late.close();
  });

  it('a server that lost its scripts gets them again', async () => {
    const resource = freshResource();
    await store.boards.change(resource, bump(resource));
    await admin.script('FLUSH');
    expect((await store.boards.change(resource, bump(resource))).changed).toBe(true);
  });

  it('owned() takes hints out that point to nothing or to the record of another node', async () => {
    const record = recordOf(freshResource(), { expiresAt: Date.now() + 60_000 });
    await store.subscriptions.create(record);
    await store.subscriptions.update({ ...record, owner: 'node-b', epoch: 2 }, 1);
    await admin.zadd(keys.owned('node-a'), 0, 'b1-gone', 0, 'nonsense');
    for await (const page of store.subscriptions.owned('node-a')) expect(page).toEqual([]);
    expect(await admin.zrange(keys.owned('node-a'), '0', '-1')).toEqual([]);
    expect(await admin.zrange(keys.owned('node-b'), '0', '-1')).toEqual([record.id]);
  });

  it('garbage goes by itself: blank boards, expired records and their indexes have a TTL, boards with content none', async () => {
    const resource = freshResource();
    await store.boards.change(resource, bump(resource));
    expect(await admin.pttl(keys.board(resource))).toBe(-1);
    await store.boards.change(resource, blank(resource));
    expect(await admin.pttl(keys.board(resource))).toBeGreaterThan(23 * 3_600_000);
    await store.boards.change(resource, bump(resource));
    expect(await admin.pttl(keys.board(resource))).toBe(-1);

    const record = recordOf(resource, { expiresAt: Date.now() + 60_000 });
    await store.subscriptions.create(record);
    const index = [keys.subscriptions(resource), keys.owned(record.owner), keys.realms(resource.user)];
    for (const key of [keys.record(record.id) ?? '', ...index]) {
      expect(await admin.pttl(key)).toBeGreaterThan(3_600_000);
      expect(await admin.pttl(key)).toBeLessThan(2 * 3_600_000);
    }
  });

  it('a blank board stays while it is watched', async () => {
    const resource = freshResource();
    await store.boards.change(resource, bump(resource));
    await store.boards.change(resource, blank(resource));
    const record = recordOf(resource);
    for (const touch of [
      () => store.subscriptions.create(record),
      () => store.subscriptions.update(record, 1),
    ]) {
      await admin.pexpire(keys.board(resource), 1000);
      await touch();
      expect(await admin.pttl(keys.board(resource))).toBeGreaterThan(23 * 3_600_000);
    }
  });

  it('list() takes users out of the realm whose board is gone', async () => {
    const resource = freshResource();
    await store.boards.change(resource, bump(resource));
    await admin.del(keys.board(resource));
    expect(await store.boards.list(resource.realm, null, 10)).toEqual({ boards: [], next: null });
    expect(await admin.exists(keys.realm(resource.realm))).toBe(0);
  });

  it('a value that is not a board is STORE_CORRUPT by itself, and null among many', async () => {
    const [bad, good] = [freshResource(), freshResource()];
    const { board } = await store.boards.change(good, bump(good));
    await admin.set(keys.board(bad), 'c1 {"rev":');
    await expect(store.boards.get(bad)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(await store.boards.getMany([bad, good])).toEqual([null, board]);
    await admin.del(keys.board(bad));
    await admin.lpush(keys.board(bad), 'x');
    await expect(store.boards.get(bad)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('change() gives up with STORE_CONTENDED when another change always comes first', async () => {
    const resource = freshResource();
    const { board } = await store.boards.change(resource, bump(resource));
    await admin.set(keys.board(resource), `never-the-expected-one ${JSON.stringify(board)}`);
    await expect(store.boards.change(resource, bump(resource))).rejects.toMatchObject({
      code: 'STORE_CONTENDED',
    });
  });

  it('one record that cannot be read does not hide the others', async () => {
    const resource = freshResource();
    const [bad, good] = [recordOf(resource), recordOf(resource)];
    for (const record of [bad, good]) await store.subscriptions.create(record);
    await admin.hset(keys.record(bad.id) ?? '', 'fixed', '{');
    await expect(store.subscriptions.find(bad.id)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(await store.subscriptions.watchers(resource, NOW)).toEqual([good]);
  });

  it('the start warns of a server that may lose lamps', async () => {
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await admin.config('SET', 'appendonly', 'no');
    const told: string[] = [];
    const other = await createRedisStore({
      url: server.url,
      prefix,
      log: { info: () => undefined, warn: (message) => void told.push(message) },
    });
    await other.close();
    expect(told.join('\n')).toMatch(/appendonly no.*\n.*maxmemory-policy allkeys-lru/);
  });

  it('the start refuses a server that may evict, when that is wanted', async () => {
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const start = () => createRedisStore({ url: server.url, prefix, noEviction: true });
    await expect(start()).rejects.toMatchObject({
      code: 'STORE_UNFIT',
      message: expect.stringMatching(/maxmemory-policy allkeys-lru.*noeviction is wanted/),
    });
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    await (await start()).close();
  });

  it('all keys begin with the prefix, and those of one resource share its hash tag', async () => {
    const resource = freshResource('{}/:');
    await store.boards.change(resource, bump(resource));
    await store.subscriptions.create(recordOf(resource));
    const all = await admin.keys('*');
    expect(all.length).toBeGreaterThan(5);
    for (const key of all) expect(key).toMatch(new RegExp(`^${prefix}:\\{[^{}/]+\\}(:[^{}/]+)*$`));
    expect(all.filter((key) => key.includes(`{b${bucketOf(resource)}}`)).length).toBeGreaterThanOrEqual(4);
    expect(formatResource(resource)).toContain('{}');
  });
});
