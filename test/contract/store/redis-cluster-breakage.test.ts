import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/ports/store.ts';
import { bucketOf, type Resource } from '../../../src/presence/resource.ts';
import { redisKeys } from '../../../src/store/redis/keys.ts';
import { slotOf } from '../../../src/store/redis/slot.ts';
import { createRedisStore } from '../../../src/store/redis/store.ts';
import { type RedisCluster, startRedisCluster } from '../../support/redis-cluster.ts';
import { BusRecorder, bump, freshResource, soon } from './values.ts';

/** How long a failover may take, in ms. */
const LONG = 12_000;

describe('redis cluster when things break', () => {
  const keys = redisKeys('lamp');
  let cluster: RedisCluster;
  let store: Store;
  let heard: BusRecorder;

  beforeAll(async () => {
    cluster = await startRedisCluster();
    store = await createRedisStore({ url: cluster.url, prefix: 'lamp' });
    heard = new BusRecorder();
    await store.bus.start(heard);
  });
  afterAll(async () => {
    await store?.close();
    await cluster?.[Symbol.asyncDispose]();
  });

  it('a Cluster that has always been well has lost nothing', () => {
    expect(store.unsettled()).toBe(false);
  });

  it('slotOf() knows the slots as the Cluster does', async () => {
    for (const key of ['lamp:{b17}:due', 'lamp', '{}x', 'a{b}c{d}', '{realm:%C3%A9}', '123456789']) {
      expect(slotOf(key)).toBe(await cluster.admins[0]?.cluster('KEYSLOT', key));
    }
  });

  it('subscriber connections that are killed: what was missed is told, and later boards are heard', async () => {
    const resources = await Promise.all([0, 1, 2].map((node) => listenOn(node)));
    for (const admin of cluster.admins) await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    for (const resource of resources) await store.boards.change(resource, bump(resource));
    await soon(() => {
      for (const resource of resources) expect(heard.missedBucket(bucketOf(resource))).toBe(true);
    }, LONG);
    for (const resource of resources) {
      await store.boards.change(resource, bump(resource));
      await soon(() => expect(heard.revs(resource).at(-1)).toBe(2));
    }
  });

  it('a slot that moves to another node: its channel is followed', async () => {
    const resource = await listenOn(0);
    await store.boards.change(resource, bump(resource));
    await soon(() => expect(heard.revs(resource)).toEqual([1]));
    heard.misses.splice(0);
    await moveSlot(slotOf(keys.channel(bucketOf(resource))), 0, 1);
    await soon(() => expect(heard.missedBucket(bucketOf(resource))).toBe(true), LONG);
    const { board } = await store.boards.change(resource, bump(resource));
    expect(board?.rev).toBe(2);
    await soon(() => expect(heard.revs(resource).at(-1)).toBe(2));
  });

  it('a node that is gone and comes back: its boards are away meanwhile, then heard again', async () => {
    const resource = await listenOn(2);
    await store.boards.change(resource, bump(resource));
    await cluster.servers[2]?.kill();
    await expect(store.boards.change(resource, bump(resource))).rejects.toMatchObject({ code: 'STORE_AWAY' });
    heard.misses.splice(0);
    await cluster.servers[2]?.start();
    await soon(() => expect(heard.missedBucket(bucketOf(resource))).toBe(true), LONG);
    await soon(async () => {
      expect((await store.boards.change(resource, bump(resource))).board?.rev).toBeGreaterThan(1);
    }, LONG);
    await soon(() => expect(heard.revs(resource).at(-1)).toBeGreaterThan(1), LONG);
  });

  it('a node that is gone for good: a channel whose slot another node took over is followed', async () => {
    const resource = await listenOn(0);
    await store.boards.change(resource, bump(resource));
    await soon(() => expect(heard.revs(resource)).toEqual([1]));
    await cluster.servers[0]?.kill();
    const [, heir, witness] = cluster.admins;
    if (heir === undefined || witness === undefined) throw new Error('no such node');
    const id = String(await heir.call('CLUSTER', 'MYID'));
    for (const admin of [heir, witness]) {
      await admin.config('SET', 'cluster-require-full-coverage', 'no');
      await admin.call('CLUSTER', 'SETSLOT', slotOf(keys.channel(bucketOf(resource))), 'NODE', id);
    }
    await soon(() => store.boards.change(resource, bump(resource)), LONG);
    await soon(async () => {
      const { board } = await store.boards.change(resource, bump(resource));
      await soon(() => expect(heard.boards).toContainEqual(board), 500);
    }, LONG);
    expect(heard.missedBucket(bucketOf(resource))).toBe(true);
    expect(store.unsettled()).toBe(true);
  });

  /** A fresh resource on a node of the Cluster, whose bucket is heard. */
  async function listenOn(node: number): Promise<Resource> {
    for (;;) {
      const resource = freshResource();
      const slot = slotOf(keys.channel(bucketOf(resource)));
      if (Math.floor(slot / Math.ceil(16_384 / 3)) !== node) continue;
      await store.bus.listen(bucketOf(resource));
      return resource;
    }
  }

  async function moveSlot(slot: number, from: number, to: number): Promise<void> {
    const [source, target] = [cluster.admins[from], cluster.admins[to]];
    const port = cluster.servers[to]?.port ?? 0;
    if (source === undefined || target === undefined) throw new Error('no such node');
    const [sourceId, targetId] = [await source.call('CLUSTER', 'MYID'), await target.call('CLUSTER', 'MYID')];
    await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', String(sourceId));
    await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', String(targetId));
    // CLUSTER GETKEYSINSLOT gives a list of keys.
    const moving = (await source.call('CLUSTER', 'GETKEYSINSLOT', slot, 1000)) as string[];
    if (moving.length > 0) await source.call('MIGRATE', '127.0.0.1', port, '', 0, 5000, 'KEYS', ...moving);
    for (const admin of [target, source])
      await admin.call('CLUSTER', 'SETSLOT', slot, 'NODE', String(targetId));
  }
});
