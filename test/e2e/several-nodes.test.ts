import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { COMBINATIONS, openSurroundings } from '../support/combination.ts';
import { type LamplighterProcess, startLamplighter } from '../support/lamplighter-process.ts';
import { redisForTests } from '../support/redis.ts';
import { RedisProxy } from '../support/redis-proxy.ts';
import { allRight, notifiesOf, openWatchers, setAll } from '../support/watchers.ts';
import { expectOneDialog } from '../support/watching-phones.ts';

/** A lost node is taken over 5 s after its last heartbeat, and every lamp is right within 5 s of that. */
const RIGHT_MS = 15_000;
const TIMEOUT_MS = 180_000;

/** How many subscriptions each node owns, once that is `expected`. */
async function expectOwned(
  nodes: readonly LamplighterProcess[],
  expected: (owned: readonly number[]) => void,
): Promise<void> {
  await vi.waitFor(
    async () =>
      expected(
        await Promise.all(nodes.map((node) => node.metric('lamplighter_subscriptions{package="dialog"}'))),
      ),
    { timeout: RIGHT_MS, interval: 200 },
  );
}

describe('several nodes on one Redis', { timeout: TIMEOUT_MS }, () => {
  test('one of three is killed: the other two have all its phones, each phone one of them', async () => {
    const phones = 30;
    await using opened = new AsyncDisposableStack();
    const redis = opened.use(await redisForTests());
    const settings = {
      REDIS_URL: redis.url,
      LAMPLIGHTER_REDIS_PREFIX: redis.prefix,
      LAMPLIGHTER_NODES_TAKE_OVER: 'udp',
    };
    const one = opened.use(await startLamplighter(settings));
    const others = [
      opened.use(await startLamplighter(settings)),
      opened.use(await startLamplighter(settings)),
    ];
    const watchers = await openWatchers(one, phones, opened);
    await one.kill9();
    for (const other of others) await setAll(other, watchers, 'busy');
    // Who takes how many is a matter of time (test/unit/notifier/take-over.test.ts), that each is taken once is not.
    await expectOwned(others, ([first = 0, second = 0]) => expect(first + second).toBe(phones));
    await allRight(watchers, RIGHT_MS);
    expect(notifiesOf(watchers)).toBe(2 * phones);
    expectOneDialog(watchers);
  });

  test('nodes.takeOver reachable: phones behind a proxy that record-routes are taken over, the others come back by a refresh', async () => {
    await using opened = new AsyncDisposableStack();
    const redis = opened.use(await redisForTests());
    const settings = { REDIS_URL: redis.url, LAMPLIGHTER_REDIS_PREFIX: redis.prefix };
    const one = opened.use(await startLamplighter(settings));
    const other = opened.use(await startLamplighter(settings));
    const behindProxy = await openWatchers(one, 5, opened, { isProxied: true });
    const alone = await openWatchers(one, 5, opened);
    await one.kill9();
    await setAll(other, [...behindProxy, ...alone], 'busy');
    await allRight(behindProxy, RIGHT_MS);
    await expectOwned([other], (owned) => expect(owned).toEqual([behindProxy.length]));
    expect(notifiesOf(alone)).toBe(alone.length);
    await one.start();
    await allRight(alone, RIGHT_MS);
    expectOneDialog([...behindProxy, ...alone]);
    for (const { subscription } of alone) expect((await subscription.refresh(600)).status).toBe(200);
  });

  //  phone A     phone B      node 1    |    Redis     node 2
  //    |           |            |     x x      |<--------|  takes both
  //    |--refresh-------------->|     x x      |         |
  //    |<--200------------------|     x x      |         |
  //    |           |<-NOTIFY-----------------------------|
  //    |           |            |---- | ------>|            keeps A, yields B
  test('a node that is cut off from Redis finds out and yields, but keeps whom it has heard meanwhile; then the other one', async () => {
    const phones = 10;
    await using opened = new AsyncDisposableStack();
    const redis = opened.use(await redisForTests());
    const open = async () => {
      const proxy = opened.use(await RedisProxy.open(redis.url));
      const settings = { LAMPLIGHTER_REDIS_PREFIX: redis.prefix, LAMPLIGHTER_NODES_TAKE_OVER: 'udp' };
      return { proxy, node: opened.use(await startLamplighter({ ...settings, REDIS_URL: proxy.url })) };
    };
    const [first, second] = [await open(), await open()];
    for (const [cut, whole] of [
      [first, second],
      [second, first],
    ] as const) {
      const heard = await openWatchers(cut.node, phones, opened);
      const quiet = await openWatchers(cut.node, phones, opened);
      const all = [...heard, ...quiet];
      cut.proxy.sever(true);
      await setAll(whole.node, all, 'busy');
      await allRight(all, RIGHT_MS);
      for (const { subscription } of heard) expect((await subscription.refresh(600)).status).toBe(200);
      await setAll(whole.node, all, 'ringing');
      await allRight(quiet, RIGHT_MS);
      cut.proxy.sever(false);
      await setAll(whole.node, all, 'busy');
      await allRight(all, RIGHT_MS);
      await expectOwned([cut.node], (owned) => expect(owned).toEqual([heard.length]));
      await setAll(cut.node, all, 'idle');
      await allRight(all, RIGHT_MS);
      expectOneDialog(quiet);
    }
  });
});

describe.each(COMBINATIONS.filter(({ edge }) => edge === 'drachtio'))(
  'two nodes on one drachtio-server ($name)',
  { timeout: TIMEOUT_MS },
  (combination) => {
    test('kill -9 of one: the other tells its phones through the same drachtio-server', async () => {
      const phones = 10;
      await using opened = new AsyncDisposableStack();
      const { settings } = opened.use(await openSurroundings(combination));
      const one = opened.use(await startLamplighter(settings));
      const other = opened.use(await startLamplighter(settings));
      // drachtio hands them out in turn, whichever node was asked for the address.
      const watchers = await openWatchers(one, phones, opened);
      await expectOwned([one, other], ([first = 0, second = 0]) => {
        expect(first).toBeGreaterThan(0);
        expect(first + second).toBe(phones);
      });
      await setAll(one, watchers, 'busy');
      await allRight(watchers, RIGHT_MS);
      await one.kill9();
      await setAll(other, watchers, 'ringing');
      await allRight(watchers, RIGHT_MS);
      await expectOwned([other], (owned) => expect(owned).toEqual([phones]));
      expectOneDialog(watchers);
      await pause(1_000);
      await one.start();
      await setAll(one, watchers, 'idle');
      await allRight(watchers, RIGHT_MS);
      expectOneDialog(watchers);
    });
  },
);
