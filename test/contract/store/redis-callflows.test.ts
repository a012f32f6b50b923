import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Store } from '../../../src/ports/store.ts';
import { RedisCallflows } from '../../../src/store/redis/callflows.ts';
import { Connection } from '../../../src/store/redis/connection.ts';
import { redisKeys } from '../../../src/store/redis/keys.ts';
import { parseRedisUrl } from '../../../src/store/redis/redis-url.ts';
import { scripts } from '../../../src/store/redis/scripts.ts';
import { createRedisStore } from '../../../src/store/redis/store.ts';
import { SILENT } from '../../../src/store/store-log.ts';
import { randomPrefix } from '../../support/redis.ts';
import { RedisServer } from '../../support/redis-server.ts';
import { callflowOf, freshRealm, nextOf, runOf, seatOf } from './callflow-values.ts';
import { NOW, randomId } from './values.ts';

describe('callflows in the redis store when things break', () => {
  let server: RedisServer;
  let admin: Redis;
  let store: Store;
  const prefix = randomPrefix();
  const keys = redisKeys(prefix);
  const warnings: string[] = [];

  /** The callflows of a node of its own, and the connection that they use. */
  const open = async () => {
    const connection = new Connection(parseRedisUrl(server.url), SILENT);
    await connection.settled(5000);
    return { connection, callflows: new RedisCallflows(connection, keys, SILENT) };
  };

  beforeAll(async () => {
    server = await RedisServer.open();
    admin = new Redis(server.url, { retryStrategy: () => 50 });
    admin.on('error', () => undefined);
    const log = { info: () => undefined, warn: (message: string) => void warnings.push(message) };
    store = await createRedisStore({ url: server.url, prefix, log });
  });
  afterAll(async () => {
    await store.close();
    admin.disconnect();
    await server[Symbol.asyncDispose]();
  });

  it('a server that is gone: all fails at once with STORE_AWAY; when it is back all is there', async () => {
    const { callflows } = store;
    const callflow = callflowOf(freshRealm());
    const { realm, id } = callflow;
    const [seat, run, key] = [seatOf(realm), runOf(realm, id), randomId()];
    await callflows.save(callflow, 0);
    await callflows.saveSeat(seat, 0);
    await callflows.addRun(run);
    await callflows.claim(key, 600_000);
    await callflows.setScheduledUntil(realm, NOW);
    const stamp = await callflows.stamp(realm);
    await server.kill();
    await vi.waitFor(() => expect(store.ready()).toBe(false), { timeout: 6000 });
    const begin = performance.now();
    const attempts = await Promise.allSettled([
      callflows.list(realm),
      callflows.get(realm, id),
      callflows.save(nextOf(callflow), 1),
      callflows.remove(realm, id, 1),
      callflows.stamp(realm),
      callflows.realms(),
      callflows.seats(realm),
      callflows.saveSeat({ ...seat, rev: 2 }, 1),
      callflows.removeSeat(realm, seat.id),
      callflows.addRun(runOf(realm, id)),
      callflows.runs(realm, id, 10),
      callflows.claim(randomId(), 1000),
      callflows.scheduledUntil(realm),
      callflows.setScheduledUntil(realm, NOW + 1),
    ]);
    for (const attempt of attempts)
      expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'STORE_AWAY' } });
    expect(performance.now() - begin).toBeLessThan(2000);

    await server.start();
    await vi.waitFor(() => expect(store.ready()).toBe(true), { timeout: 6000 });
    expect(await callflows.list(realm)).toEqual([callflow]);
    expect(await callflows.seats(realm)).toEqual([seat]);
    expect(await callflows.runs(realm, id, 10)).toEqual([run]);
    expect(await callflows.claim(key, 600_000)).toBe(false);
    expect(await callflows.scheduledUntil(realm)).toBe(NOW);
    expect(await callflows.stamp(realm)).toBe(stamp);
    expect(await callflows.realms()).toContain(realm);
    expect(await callflows.save(nextOf(callflow), 1)).toBe('ok');
  });

  it('a server that lost its scripts gets them again', async () => {
    const callflow = callflowOf(freshRealm());
    await admin.script('FLUSH');
    expect(await store.callflows.save(callflow, 0)).toBe('ok');
    expect(await store.callflows.claim(randomId(), 1000)).toBe(true);
    expect(await store.callflows.remove(callflow.realm, callflow.id, 1)).toBe('ok');
  });

  // The client of a Cluster sends a command again when the connection broke before its reply.
  it('a save that is sent twice ends as the first of the two did', async () => {
    const { realm, id } = callflowOf(freshRealm());
    const args = [keys.callflows(realm), keys.stamp(realm), id, '0', '1 write ', '{}', '7'];
    expect(await admin.eval(scripts.documentSave.lua, 2, ...args)).toBe('ok');
    expect(await admin.eval(scripts.documentSave.lua, 2, ...args)).toBe('ok');
    const other = args.with(4, '1 other ');
    expect(await admin.eval(scripts.documentSave.lua, 2, ...other)).toBe('stale');
  });

  it('a claim that is sent twice is that of its sender', async () => {
    const key = keys.claim(randomId());
    expect(await admin.eval(scripts.claim.lua, 1, key, 'try', 1000)).toBe(1);
    expect(await admin.eval(scripts.claim.lua, 1, key, 'try', 1000)).toBe(1);
    expect(await admin.eval(scripts.claim.lua, 1, key, 'other', 1000)).toBe(0);
  });

  it('a stamp never comes again after data was lost', async () => {
    const callflow = callflowOf(freshRealm());
    const { realm } = callflow;
    await store.callflows.save(callflow, 0);
    const before = await store.callflows.stamp(realm);
    await admin.del(keys.callflows(realm), keys.stamp(realm));
    expect(await store.callflows.stamp(realm)).not.toBe(before);
    await store.callflows.save(callflow, 0);
    expect(await store.callflows.stamp(realm)).not.toBe(before);
  });

  it('realms() takes realms out that have no callflow, and finds lost ones with the next save', async () => {
    const callflow = callflowOf(freshRealm());
    await admin.sadd(keys.callflowRealms(), 'empty.example');
    expect(await store.callflows.realms()).not.toContain('empty.example');
    expect(await admin.sismember(keys.callflowRealms(), 'empty.example')).toBe(0);
    await store.callflows.save(callflow, 0);
    await admin.del(keys.callflowRealms());
    await store.callflows.save(nextOf(callflow), 1);
    expect(await store.callflows.realms()).toEqual([callflow.realm]);
  });

  it('realms() names a realm that another node took out while its first callflow was saved', async () => {
    const { callflows, connection } = await open();
    const callflow = callflowOf(freshRealm());
    const script = connection.script.bind(connection);
    vi.spyOn(connection, 'script').mockImplementationOnce(async (...call) => {
      await admin.srem(keys.callflowRealms(), callflow.realm);
      return script(...call);
    });
    expect(await callflows.save(callflow, 0)).toBe('ok');
    expect(await store.callflows.realms()).toContain(callflow.realm);
    await connection.close();
  });

  it('realms() names a realm that got a callflow while it was taken out', async () => {
    const { callflows, connection } = await open();
    const callflow = callflowOf(freshRealm());
    const srem = connection.client.srem.bind(connection.client) as (...args: string[]) => Promise<number>;
    vi.spyOn(connection.client, 'srem').mockImplementationOnce(async (...args: unknown[]) => {
      await store.callflows.save(callflow, 0);
      return srem(...args.map(String));
    });
    await admin.sadd(keys.callflowRealms(), callflow.realm);
    expect(await callflows.realms()).toContain(callflow.realm);
    expect(await store.callflows.realms()).toContain(callflow.realm);
    await connection.close();
  });

  it('a callflow that cannot be read is STORE_CORRUPT by itself; the list tells it and leaves it out', async () => {
    const good = callflowOf(freshRealm());
    const { realm } = good;
    await store.callflows.save(good, 0);
    await admin.hset(keys.callflows(realm), 'bad', '1 x {"rev":');
    await expect(store.callflows.get(realm, 'bad')).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(await store.callflows.list(realm)).toEqual([good]);
    expect(warnings).toContain('Cannot read callflow "bad": its value is not one of this version');
    await admin.lpush(keys.runs(realm, good.id), 'nonsense');
    expect(await store.callflows.runs(realm, good.id, 10)).toEqual([]);
    await admin.set(keys.seats(realm), 'x');
    await expect(store.callflows.seats(realm)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('garbage goes by itself: runs of a callflow that is gone, claims; what is in use has no TTL', async () => {
    const callflow = callflowOf(freshRealm());
    const { realm, id } = callflow;
    const [key, runs] = [randomId(), keys.runs(realm, id)];
    await store.callflows.claim(key, 60_000);
    expect(await admin.pttl(keys.claim(key))).toBeGreaterThan(50_000);
    expect(await admin.pttl(keys.claim(key))).toBeLessThanOrEqual(60_000);
    await store.callflows.addRun(runOf(realm, id));
    expect(await admin.pttl(runs)).toBeGreaterThan(6 * 24 * 3_600_000);
    await store.callflows.save(callflow, 0);
    await store.callflows.addRun(runOf(realm, id));
    for (const used of [runs, keys.callflows(realm), keys.stamp(realm)])
      expect(await admin.pttl(used)).toBe(-1);
    await store.callflows.remove(realm, id, 1);
    expect(await admin.exists(runs, keys.callflows(realm))).toBe(0);
  });
});
