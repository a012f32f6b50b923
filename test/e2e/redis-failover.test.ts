import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { type LamplighterProcess, startLamplighter } from '../support/lamplighter-process.ts';
import { startFailingCluster } from '../support/redis-cluster.ts';
import { startSentinelSet } from '../support/redis-sentinel.ts';
import { allRight, openWatchers, setAll, Traffic, type Watcher } from '../support/watchers.ts';
import { expectOneDialog } from '../support/watching-phones.ts';

/** Every lamp is right within 10 s of a writable Redis. */
const RIGHT_MS = 10_000;
const TIMEOUT_MS = 180_000;
/** At each node, of each kind. */
const PHONES = 6;

const GROUNDS = [
  { name: 'a primary with a replica and three sentinels', open: startSentinelSet },
  { name: 'a Cluster of three primaries with replicas', open: startFailingCluster },
] as const;

/*
 *  phones      nodes         primary       replica
 *    |           |---change---->|              x  (copies no more)
 *    |<-NOTIFY---|<-------------|              |
 *    |           |              x kill -9      |
 *    |           |- 503 ->|                 promoted, without that change
 *    |           |-------- written back ------>|
 *    |<-NOTIFY---|---change------------------->|
 */
describe.each(GROUNDS)('two nodes on $name', { timeout: TIMEOUT_MS }, ({ open }) => {
  test('kill -9 of the primary under load: nothing that was answered 2xx is lost, nobody subscribes again', async () => {
    await using opened = new AsyncDisposableStack();
    const redis = opened.use(await open());
    const one = opened.use(await startLamplighter({ REDIS_URL: redis.url }));
    const other = opened.use(await startLamplighter({ REDIS_URL: redis.url }));
    const watch = (node: LamplighterProcess) => openWatchers(node, PHONES, opened);
    const changing = [...(await watch(one)), ...(await watch(other))];
    const left = [...(await watch(one)), ...(await watch(other))];
    const [atOne, atOther] = [await watch(one), await watch(other)];
    const watchers = [...changing, ...left, ...atOne, ...atOther];
    const traffic = new Traffic([one, other], changing);
    traffic.begin(4);
    await setAll(other, watchers.slice(changing.length), 'ringing');
    await allRight(watchers.slice(changing.length), RIGHT_MS);

    await redis.stopCopies();
    for (const status of ['idle', 'ringing', 'busy'] as const) await setAll(one, left, status);
    for (const [node, its] of [
      [one, atOne],
      [other, atOther],
    ] as const) {
      await setAll(node, its, 'idle');
      await setAll(node, its, 'busy');
    }
    await allRight(watchers.slice(changing.length), RIGHT_MS);
    const before = traffic.changes;
    expect(before).toBeGreaterThan(changing.length);
    await redis.killPrimary();
    // By the node whose phones do not watch them, and back to what the replica has: it sees no change in that.
    await Promise.all([setAllSoon(other, atOne, 'ringing'), setAllSoon(one, atOther, 'ringing')]);
    await redis.failedOver();
    await pause(1_000);
    await traffic.end();
    expect(traffic.changes).toBeGreaterThan(before);
    await allRight(watchers, RIGHT_MS);

    for (const node of [one, other]) {
      for (const { id } of left) {
        expect(await statusOf(node, id)).toBe('busy');
      }
    }
    await pause(3_000);
    await allRight(watchers, 0);
    await setAll(one, watchers, 'busy');
    await allRight(watchers, RIGHT_MS);
    expectOneDialog(watchers);
    for (const { subscription } of watchers) expect((await subscription.refresh(600)).status).toBe(200);
  });
});

/** What the API says of a lamp, once it says something. */
async function statusOf(node: LamplighterProcess, id: string): Promise<unknown> {
  const answer = await vi.waitFor(
    async () => {
      const each = await node.api('GET', `/v1/realms/default/presence/${id}`);
      expect(each.status).toBe(200);
      return each;
    },
    { timeout: RIGHT_MS, interval: 200 },
  );
  return answer.body.manual && Reflect.get(answer.body.manual, 'status');
}

/** Sets lamps again and again until each was answered 2xx: at the first moment of a new primary. */
async function setAllSoon(
  node: LamplighterProcess,
  watchers: readonly Watcher[],
  status: 'ringing',
): Promise<void> {
  await Promise.all(
    watchers.map(async (watcher) => {
      const path = `/v1/realms/default/presence/${watcher.id}`;
      while ((await node.api('PUT', path, { status })).status !== 200) await pause(20);
      watcher.status = status;
    }),
  );
}
