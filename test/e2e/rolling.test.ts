import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { type LamplighterProcess, startLamplighter } from '../support/lamplighter-process.ts';
import { redisForTests } from '../support/redis.ts';
import { allRight, openWatchers, Traffic } from '../support/watchers.ts';
import { expectOneDialog } from '../support/watching-phones.ts';

/** Every lamp is right within 10 s of the last restart. */
const RIGHT_MS = 10_000;
const TIMEOUT_MS = 180_000;

/*
 *  phone        node 1        node 2     node 3
 *    |<-NOTIFY----|              |          |
 *    |            |- hands over >|--------->|
 *    |            x SIGTERM      |          |
 *    |<-NOTIFY (same dialog)-----|          |      nodes.takeOver udp; else it waits for node 1
 *    |            | start        |          |
 *    |--refresh-->|              |          |
 *    |<--200------|              |          |
 */
describe('a rolling restart of three nodes under load, UDP phones', { timeout: TIMEOUT_MS }, () => {
  test.each([
    { takeOver: 'udp', phones: 70 },
    { takeOver: 'off', phones: 10 },
  ])(
    'nodes.takeOver $takeOver: nobody subscribes again, no number goes back, every lamp is right',
    async ({ takeOver, phones }) => {
      await using opened = new AsyncDisposableStack();
      const redis = opened.use(await redisForTests());
      const settings = {
        REDIS_URL: redis.url,
        LAMPLIGHTER_REDIS_PREFIX: redis.prefix,
        LAMPLIGHTER_NODES_TAKE_OVER: takeOver,
      };
      const nodes: LamplighterProcess[] = [];
      for (let count = 0; count < 3; count += 1) nodes.push(opened.use(await startLamplighter(settings)));
      const groups = [];
      for (const node of nodes) groups.push(await openWatchers(node, phones, opened));
      const watchers = groups.flat();
      const traffic = new Traffic(nodes, watchers);
      traffic.begin(3);
      for (const [index, node] of nodes.entries()) {
        await pause(1_000);
        const before = traffic.changes;
        expect(await node.stop()).toBe(0);
        await node.start();
        expect(traffic.changes).toBeGreaterThan(before);
        const group = groups[index] ?? [];
        const answers = await Promise.all(group.map(({ subscription }) => subscription.refresh(600)));
        expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      }
      await pause(1_000);
      await traffic.end();
      await allRight(watchers, RIGHT_MS);
      expectOneDialog(watchers);
      expect(traffic.changes).toBeGreaterThan(watchers.length);

      const answers = await Promise.all(watchers.map(({ subscription }) => subscription.refresh(600)));
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      await vi.waitFor(
        async () => {
          const owned = await Promise.all(
            nodes.map((node) => node.metric('lamplighter_subscriptions{package="dialog"}')),
          );
          expect(owned).toEqual([phones, phones, phones]);
        },
        { timeout: RIGHT_MS, interval: 200 },
      );
      await allRight(watchers, RIGHT_MS);
      expectOneDialog(watchers);
    },
  );
});
