import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { freshSettings, runLamplighter, startLamplighter } from '../support/lamplighter-process.ts';
import { redisForTests } from '../support/redis.ts';
import { allShow, expectOneDialog, setAll, type WatchingPhone, watchAt } from '../support/watching-phones.ts';

const TIMEOUT_MS = 180_000;
const PHONES = 20;

/** Two nodes on one Redis, and phones that have subscribed at the first. They take NOTIFYs from both. */
async function openNodes() {
  await using opened = new AsyncDisposableStack();
  const redis = opened.use(await redisForTests());
  const shared = {
    REDIS_URL: redis.url,
    LAMPLIGHTER_REDIS_PREFIX: redis.prefix,
    LAMPLIGHTER_NODES_TAKE_OVER: 'udp',
  };
  const one = opened.use(await startLamplighter(shared));
  const other = opened.use(await startLamplighter(shared));
  const watchers = await Promise.all(Array.from({ length: PHONES }, () => watchAt(one)));
  for (const { phone } of watchers) opened.use(phone);
  const kept = opened.move();
  return { shared, one, other, watchers, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

function countOf(watchers: readonly WatchingPhone[]): number {
  return watchers.reduce((sum, { subscription }) => sum + subscription.notifies.all.length, 0);
}

describe('two nodes on one Redis', { timeout: TIMEOUT_MS }, () => {
  test('kill -9 of one under load: the other goes on in the same dialogs', async () => {
    await using nodes = await openNodes();
    const { one, other, watchers } = nodes;
    await setAll(other, watchers, 'busy');
    await allShow(watchers, 'confirmed');
    const load = setAll(other, watchers, 'idle');
    await one.kill9();
    await load;
    await setAll(other, watchers, 'ringing');
    await allShow(watchers, 'early');
    expectOneDialog(watchers);

    await one.start();
    const before = countOf(watchers);
    await setAll(one, watchers, 'busy');
    await allShow(watchers, 'confirmed');
    await pause(3_000);
    expect(countOf(watchers) - before).toBe(watchers.length);
    expectOneDialog(watchers);
  });

  test('SIGSTOP for 8 s and SIGCONT: the node finds out that its phones are the other one’s', async () => {
    await using nodes = await openNodes();
    const { one, other, watchers } = nodes;
    one.signal('SIGSTOP');
    await setAll(other, watchers, 'busy');
    const pauseEnd = pause(8_000);
    await allShow(watchers, 'confirmed', 8_000);
    await pauseEnd;
    const before = countOf(watchers);
    await setAll(other, watchers, 'ringing');
    one.signal('SIGCONT');
    await allShow(watchers, 'early');
    await pause(5_000);
    expect(countOf(watchers) - before).toBe(watchers.length);
    expectOneDialog(watchers);
    await setAll(one, watchers, 'idle');
    await allShow(watchers, 'terminated');
    expect(await one.metric('lamplighter_subscriptions{package="dialog"}')).toBe(0);
  });

  test('a graceful stop hands over at once, without a word to the phones', async () => {
    await using nodes = await openNodes();
    const { one, other, watchers } = nodes;
    await one.stop();
    const before = countOf(watchers);
    await vi.waitFor(
      async () => {
        expect(await other.metric('lamplighter_subscriptions{package="dialog"}')).toBe(PHONES);
      },
      { timeout: 4_000, interval: 100 },
    );
    expect(countOf(watchers)).toBe(before);
    await setAll(other, watchers, 'busy');
    await allShow(watchers, 'confirmed', 3_000);
    expectOneDialog(watchers);
  });

  test('a second process with the same node ID is refused in one line', async () => {
    await using redis = await redisForTests();
    const shared = {
      REDIS_URL: redis.url,
      LAMPLIGHTER_REDIS_PREFIX: redis.prefix,
      LAMPLIGHTER_NODE_ID: 'twice',
    };
    await using one = await startLamplighter(shared);
    const { code, lines } = await runLamplighter({ ...freshSettings(), ...shared });
    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/^Cannot run as node "twice": .* \[NODE_ID_TAKEN\]$/)]);
    expect((await one.api('GET', '/healthz')).status).toBe(200);
  });
});
