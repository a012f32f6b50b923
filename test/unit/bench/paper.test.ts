import { describe, expect, test } from 'vitest';
import type { Constants, Cost } from '../../bench/paper/constants.ts';
import { loseNodes } from '../../bench/paper/node-loss.ts';
import { idsPerNode, PLAN, refreshEvery } from '../../bench/paper/plan.ts';
import { compareAll } from '../../bench/paper/shard-loss.ts';
import { headroom, steady } from '../../bench/paper/steady.ts';
import { storm } from '../../bench/paper/storm.ts';

const NOTHING: Cost = { us: 0, commands: 0, octetsIn: 0, octetsOut: 0 };
const COST: Cost = { us: 10, commands: 2, octetsIn: 100, octetsOut: 50 };

const CONSTANTS: Constants = {
  machine: 'a machine of round numbers',
  node: {
    date: '2026-11-23',
    notifyUs: 20,
    subscribeUs: 200,
    refreshUs: 100,
    changeUs: 200,
    octetsPerSubscription: 2000,
  },
  redis: {
    date: '2026-11-23',
    subscribe: { ...COST, us: 50 },
    refresh: COST,
    change: COST,
    checkpoint: COST,
    read: COST,
    plain: NOTHING,
    delivery: COST,
    heardUs: 10,
    octetsPerSubscription: 1500,
    octetsPerBoard: 500,
  },
};

/** 100,000 phones whose durations are granted without jitter and refreshed at their end. */
const SIMPLE = { ...PLAN, subscriptions: 100_000, nodes: 4, shards: 1, jitterPercent: 0, refreshAt: 1 };
const NEVER = Number.POSITIVE_INFINITY;

describe('a day without faults', () => {
  test('every phone refreshes once in what it is granted', () => {
    expect(steady(SIMPLE, CONSTANTS).refreshes).toBeCloseTo(100_000 / 3600);
    expect(refreshEvery({ ...SIMPLE, jitterPercent: 10, refreshAt: 0.5 })).toBeCloseTo(0.5 * 0.95 * 3600);
  });

  test('on one node with one watcher for each ID every announcement is wanted', () => {
    const load = steady({ ...SIMPLE, nodes: 1, watchersPerId: 1 }, CONSTANTS);
    expect(load.wanted).toBe(1);
    expect(load.heard).toBeCloseTo(load.changes);
    expect(load.notifies).toBe(load.changes);
  });

  test('more nodes hear in all what each of them hears by itself', () => {
    const [few, many] = [10, 20].map((nodes) => steady({ ...SIMPLE, nodes, subscriptions: 1e6 }, CONSTANTS));
    expect(few?.heard).toBeCloseTo(many?.heard ?? 0, 1);
    expect((many?.busShardOctets ?? 0) / (few?.busShardOctets ?? 1)).toBeCloseTo(2, 2);
  });

  test('an ID with one watcher is on one node, with very many on all', () => {
    expect(idsPerNode({ ...SIMPLE, watchersPerId: 1 })).toBeCloseTo(25_000);
    expect(idsPerNode({ ...SIMPLE, watchersPerId: 1000 })).toBeCloseTo(100);
  });

  test('what has the least room comes first', () => {
    const rooms = headroom(PLAN, steady(PLAN, CONSTANTS)).map(([, room]) => room);
    expect(rooms).toEqual(rooms.toSorted((one, other) => one - other));
  });
});

describe('the loss of a node', () => {
  test('without refreshes it takes the time to notice it, and then what the pace says', () => {
    const { taken, returned, half, all } = loseNodes(SIMPLE, 1, NEVER);
    expect(taken).toBeCloseTo(25_000);
    expect(returned).toBe(0);
    expect(half).toBeCloseTo(5 + 12.5, 0);
    expect(all).toBeCloseTo(5 + 25, 0);
  });

  test('what is not taken over comes back by itself within its duration, and nothing is lost', () => {
    const { taken, returned, all } = loseNodes({ ...SIMPLE, reachable: 0.2 }, 1, 3600);
    expect(taken).toBeCloseTo(5_000);
    expect(taken + returned).toBeCloseTo(25_000);
    expect(all).toBeCloseTo(3600, -1);
  });

  test('two nodes are taken over by two, and so as fast as one', () => {
    expect(loseNodes(SIMPLE, 2, NEVER).all).toBeCloseTo(loseNodes(SIMPLE, 1, NEVER).all, 3);
  });
});

describe('the loss of a shard', () => {
  test('one node alone needs a round trip and the service for each group', () => {
    expect(compareAll([10], { shards: 1, serviceMs: 2, roundTripMs: 1 })).toBeCloseTo(30);
  });

  test('many nodes are bound by the service alone', () => {
    const groups = Array.from({ length: 40 }, () => 10);
    expect(compareAll(groups, { shards: 8, serviceMs: 2, roundTripMs: 1 })).toBeCloseTo(800, -1);
  });
});

describe('a whole site', () => {
  test('phones that come slower than they can be served are all in when the last has come', () => {
    const { accepted, refused, all } = storm({ ...SIMPLE, bootSeconds: 100 }, CONSTANTS);
    expect(accepted).toBeCloseTo(100_000);
    expect(refused).toBe(0);
    expect(all).toBe(100);
  });

  test('when refusing costs nothing, it takes what the capacity says, and the last Retry-After', () => {
    const plan = { ...SIMPLE, subscriptions: 5e6, bootSeconds: 1, refusalPart: 0 };
    const { accepted, all, capacity } = storm(plan, CONSTANTS);
    expect(capacity).toBe(14_000);
    expect(accepted).toBeCloseTo(5e6, 0);
    expect(all).toBeGreaterThanOrEqual(5e6 / capacity);
    expect(all).toBeLessThan(5e6 / capacity + 60);
  });

  test('without jitter the storm comes back as it was taken; with it, it is spread', () => {
    const [stiff, loose] = [0, 10].map((jitterPercent) =>
      storm({ ...SIMPLE, bootSeconds: 10, jitterPercent }, CONSTANTS),
    );
    expect(stiff?.echo).toBeGreaterThan(100);
    expect(loose?.echo).toBeLessThan(15);
  });
});
