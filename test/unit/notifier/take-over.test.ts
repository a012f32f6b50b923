import { describe, expect, it, vi } from 'vitest';
import { Fault } from '../../../src/errors.ts';
import { NIGHT } from '../../support/boards.ts';
import { ManualClock, settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';

function versionOf(body: string): number {
  return Number(/version="(\d+)"/.exec(body)?.[1]);
}

/** Two nodes, and a phone that has subscribed to `night` at the first and knows that it is idle. */
async function twoNodes() {
  const one = await startNotifier();
  const two = await one.another(new ManualClock());
  one.edge.subscribe();
  await settled();
  one.edge.settle(200);
  await passBoth([one, two], 1_500);
  const tag = one.edge.answers[0]?.toTag ?? '';
  const { record } = one.edge.last.slot;
  const [first] = one.edge.notifies;
  return { one, two, tag, record, first, [Symbol.asyncDispose]: () => one[Symbol.asyncDispose]() };
}

/** Lets time pass on both nodes, a little here and a little there. */
async function passBoth(nodes: readonly NotifierBench[], ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) for (const node of nodes) await node.pass(250);
}

const LAMPS = Array.from({ length: 40 }, (_, index) => `lamp${index}`);

/** Three nodes, and phones that have subscribed to forty IDs at the first. */
async function threeNodes() {
  const one = await startNotifier();
  const two = await one.another(new ManualClock(), 'node2');
  const three = await one.another(new ManualClock(), 'node3');
  for (const lamp of LAMPS) one.edge.subscribe({ callId: lamp, uri: `sip:${lamp}@acme.example` });
  await settled();
  await passBoth([one, two, three], 1_500);
  const owners = async () => {
    const count = { node1: 0, node2: 0, node3: 0 };
    for (const node of ['node1', 'node2', 'node3'] as const) {
      for await (const page of one.store.subscriptions.owned(node)) count[node] += page.length;
    }
    return count;
  };
  return { one, two, three, owners, [Symbol.asyncDispose]: () => one[Symbol.asyncDispose]() };
}

/** The record as the store has it. */
const stored = (node: NotifierBench, tag: string) => node.store.subscriptions.find(tag);

describe('a node that is lost', () => {
  it('is taken over 5 s after its last heartbeat at most, and its phone hears what it has not confirmed', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    one.clock.forget();
    await two.notifier.service.setManual(NIGHT, { status: 'busy' });
    await two.pass(3_000);
    expect(await stored(two, tag)).toMatchObject({ owner: 'node1', epoch: 1 });
    await two.pass(2_000);
    expect(await stored(two, tag)).toMatchObject({ owner: 'node2', epoch: 2 });
    expect(two.edge.notifies).toHaveLength(1);
    expect(two.edge.last.body).toContain('<state>confirmed</state>');
  });

  it('leaves a dialog whose numbers go on above all that it may have used', async () => {
    await using nodes = await twoNodes();
    const { one, two, first } = nodes;
    one.clock.forget();
    await two.notifier.service.setManual(NIGHT, { status: 'busy' });
    await two.pass(5_000);
    expect(two.edge.last.cseq).toBeGreaterThan((first?.cseq ?? 0) + 50);
    expect(versionOf(two.edge.last.body)).toBeGreaterThan(versionOf(first?.body ?? '') + 50);
    expect(two.edge.last.slot.record.dialog).toEqual(nodes.record.dialog);
  });

  it('a phone that has confirmed what is on the board hears nothing of it', async () => {
    await using nodes = await twoNodes();
    nodes.one.clock.forget();
    await nodes.two.pass(60_000);
    expect(await stored(nodes.two, nodes.tag)).toMatchObject({ owner: 'node2' });
    expect(nodes.two.edge.notifies).toHaveLength(0);
  });

  it('keeps what cannot be reached from elsewhere, until it can', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    two.edge.reachable = () => false;
    one.clock.forget();
    await two.pass(20_000);
    expect(await stored(two, tag)).toMatchObject({ owner: 'node1', epoch: 1 });
    two.edge.reachable = () => true;
    await two.pass(35_000);
    expect(await stored(two, tag)).toMatchObject({ owner: 'node2', epoch: 2 });
  });

  it('is taken over at once when it has stopped by itself, without a word to its phones', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    const stopped = one.notifier.stop();
    await one.pass(500);
    await stopped;
    await two.pass(2_000);
    expect(await stored(two, tag)).toMatchObject({ owner: 'node2', epoch: 2 });
    expect([one.edge.notifies.length, two.edge.notifies.length]).toEqual([1, 0]);
  });

  it('is shared by those that live: each takes its part, and all of it is taken', async () => {
    await using nodes = await threeNodes();
    const { one, two, three, owners } = nodes;
    expect(await owners()).toEqual({ node1: LAMPS.length, node2: 0, node3: 0 });
    one.clock.forget();
    await passBoth([two, three], 10_000);
    const { node1, node2, node3 } = await owners();
    expect([node1, node2 + node3]).toEqual([0, LAMPS.length]);
    expect(Math.min(node2, node3)).toBeGreaterThan(LAMPS.length / 5);
  });

  it('leaves to one what is in the share of another that cannot reach it, two seconds later', async () => {
    await using nodes = await threeNodes();
    const { one, two, three, owners } = nodes;
    three.edge.reachable = () => false;
    one.clock.forget();
    await passBoth([two, three], 10_000);
    expect(await owners()).toEqual({ node1: 0, node2: LAMPS.length, node3: 0 });
  });

  it('is not lost while it gives signs of life, whatever its clock says', async () => {
    await using nodes = await twoNodes();
    nodes.one.clock.jump(300_000);
    await passBoth([nodes.one, nodes.two], 20_000);
    expect(await stored(nodes.two, nodes.tag)).toMatchObject({ owner: 'node1', epoch: 1 });
  });
});

describe('a node that was only paused', () => {
  it('tells its phones nothing before it has found out that they are not its own any more', async () => {
    await using nodes = await twoNodes();
    const { one, two } = nodes;
    // Both see the same bus again when the first one goes on: its announcement comes before its timers.
    one.clock.jump(8_000);
    await two.pass(6_000);
    await one.notifier.service.setManual(NIGHT, { status: 'busy' });
    expect(one.edge.notifies).toHaveLength(1);
    await passBoth([one, two], 3_000);
    await one.notifier.service.setManual(NIGHT, { status: 'idle' });
    await passBoth([one, two], 10_000);
    expect(one.edge.notifies).toHaveLength(1);
    expect(await stored(two, nodes.tag)).toMatchObject({ owner: 'node2', epoch: 2 });
  });

  it('goes on as before when nobody has taken anything meanwhile', async () => {
    await using nodes = await twoNodes();
    const { one } = nodes;
    one.clock.jump(3_200);
    await one.notifier.service.setManual(NIGHT, { status: 'busy' });
    expect(one.edge.notifies).toHaveLength(1);
    await one.pass(2_000);
    expect(one.edge.notifies).toHaveLength(2);
    expect(one.edge.last.body).toContain('<state>confirmed</state>');
  });

  it('ends no subscription that its phone has refreshed elsewhere meanwhile', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    two.clock.jump(590_000);
    await two.pass(1_000);
    two.edge.subscribe({ toTag: tag, cseq: 2 });
    await settled();
    expect(await stored(two, tag)).toMatchObject({ owner: 'node2' });
    one.clock.jump(610_000);
    await one.pass(3_000);
    expect(one.edge.notifies).toHaveLength(1);
    expect(await stored(two, tag)).toMatchObject({ owner: 'node2' });
  });

  it('keeps the phone that it has heard last, above the numbers of the other node', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    one.clock.jump(8_000);
    await two.notifier.service.setManual(NIGHT, { status: 'busy' });
    await two.pass(6_000);
    two.edge.settle(200);
    await two.pass(1_500);
    const theirs = two.edge.last;
    one.edge.subscribe({ toTag: tag, cseq: 2 });
    await settled();
    expect(one.edge.answers.at(-1)?.status).toBe(200);
    // The other node lets go of it meanwhile.
    await settled();
    expect(one.edge.last.cseq).toBeGreaterThan(theirs.cseq);
    expect(versionOf(one.edge.last.body)).toBeGreaterThan(versionOf(theirs.body));
    expect(await stored(one, tag)).toMatchObject({ owner: 'node1', epoch: 3, dialog: { remoteCseq: 2 } });
  });
});

//  node 1 (lost)     node 2          store
//    X                 |--mine--------->|   it goes before, in, or after this step
//                      |  ...           |
//                      |--mine--------->|   and is back two seconds later
//  phone <--NOTIFY-----|
describe('a store that goes while a lost node is taken over', () => {
  /** The first node is lost, `night` is busy, and `lose` makes the store fail until it is back, two seconds after it went. */
  async function takenOver(lose: (two: NotifierBench) => Promise<void>) {
    const nodes = await twoNodes();
    const { one, two, tag } = nodes;
    one.clock.forget();
    await two.notifier.service.setManual(NIGHT, { status: 'busy' });
    await lose(two);
    await two.pass(3_500);
    await two.pass(2_000);
    vi.restoreAllMocks();
    await two.pass(8_000);
    expect(await stored(two, tag)).toMatchObject({ owner: 'node2' });
    expect(two.edge.last.body).toContain('<state>confirmed</state>');
    const told = two.edge.notifies.length;
    two.edge.settle(200);
    await two.notifier.service.setManual(NIGHT, { status: 'idle' });
    await two.pass(31_000);
    expect(two.edge.notifies).toHaveLength(told + 1);
    return nodes;
  }

  const goes = async () => {
    throw AWAY;
  };

  it('before the boards are read: nothing is taken by then, and all of it soon after', async () => {
    await using nodes = await takenOver(async ({ store }) => {
      vi.spyOn(store.boards, 'getMany').mockImplementation(goes);
    });
    expect(await stored(nodes.two, nodes.tag)).toMatchObject({ epoch: 2 });
  });

  it('before the write: the lost node is not forgotten while its subscriptions are still its own', async () => {
    await using _ = await takenOver(async ({ store }) => {
      vi.spyOn(store.subscriptions, 'update').mockImplementation(goes);
    });
  });

  it('with the answer to the write: the subscription lives here, and is the node’s', async () => {
    await using _ = await takenOver(async ({ store: { subscriptions } }) => {
      const update = subscriptions.update.bind(subscriptions);
      vi.spyOn(subscriptions, 'update').mockImplementation(async (record, epoch) => {
        await update(record, epoch);
        return await goes();
      });
    });
  });

  it('after the write: what is the node’s lives here already', async () => {
    await using _ = await takenOver(async ({ store: { subscriptions, boards } }) => {
      const update = subscriptions.update.bind(subscriptions);
      vi.spyOn(subscriptions, 'update').mockImplementation(async (record, epoch) => {
        const result = await update(record, epoch);
        for (const name of ['getMany', 'get', 'change'] as const)
          vi.spyOn(boards, name).mockImplementation(goes);
        return result;
      });
    });
  });
});

describe('a takeover that a failover of the store has lost', () => {
  it('is made good: the node that has the subscription does not leave it to one that is gone', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    const before = await stored(one, tag);
    if (before === null) throw new Error('no record');
    one.clock.forget();
    await two.pass(6_000);
    expect(await stored(two, tag)).toMatchObject({ owner: 'node2', epoch: 2 });
    await two.store.subscriptions.update(before, 2);
    await two.notifier.service.setManual(NIGHT, { status: 'busy' });
    await two.pass(31_000);
    two.edge.settle(200);
    await two.pass(1_500);
    expect(await stored(two, tag)).toMatchObject({ owner: 'node2', epoch: 2 });
  });

  it('is left to a third node that has taken the subscription with the same epoch', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    const before = await stored(one, tag);
    if (before === null) throw new Error('no record');
    one.clock.forget();
    const update = vi.spyOn(two.store.subscriptions, 'update').mockRejectedValue(AWAY);
    vi.spyOn(two.store.subscriptions, 'checkpoint').mockRejectedValue(AWAY);
    await two.pass(5_000);
    expect(update).toHaveBeenCalled();
    vi.restoreAllMocks();
    await two.store.subscriptions.update({ ...before, owner: 'node3', epoch: 2 }, 1);
    await two.pass(1_500);
    expect(await stored(two, tag)).toMatchObject({ owner: 'node3', epoch: 2 });
  });
});

describe('a refresh that was accepted while the store was away', () => {
  it('is merged on return: whoever heard the phone last has it, until the later of both expiries', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    const { update } = one.store.subscriptions;
    Object.assign(one.store.subscriptions, { update: () => Promise.reject(AWAY) });
    one.edge.subscribe({ toTag: tag, cseq: 2, expires: 300 });
    await settled();
    expect(one.edge.answers.at(-1)?.status).toBe(200);
    Object.assign(one.store.subscriptions, { update: update.bind(one.store.subscriptions) });
    const before = await stored(two, tag);
    if (before === null) throw new Error('no record');
    await two.store.subscriptions.update({ ...before, owner: 'node2', epoch: 2 }, 1);
    await one.pass(1_500);
    expect(await stored(one, tag)).toMatchObject({
      owner: 'node1',
      epoch: 3,
      dialog: { remoteCseq: 2 },
      expiresAt: before.expiresAt,
    });
  });
});

const AWAY = new Fault('STORE_AWAY', 'Cannot use the store: it is away in this test');
