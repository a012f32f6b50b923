import { afterEach, describe, expect, it, vi } from 'vitest';
import { Fault } from '../../../src/errors.ts';
import type { SubscriptionRecord } from '../../../src/ports/subscriptions.ts';
import { NIGHT } from '../../support/boards.ts';
import { ManualClock, settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';

/** Two nodes, and a phone that has subscribed to `night` at the second one; the first one alone hears the bus. */
async function twoNodes() {
  const one = await startNotifier();
  const two = await one.another(new ManualClock());
  two.edge.subscribe();
  await settled();
  two.edge.settle(200);
  await passBoth([one, two], 1_500);
  const tag = two.edge.answers[0]?.toTag ?? '';
  return { one, two, tag, [Symbol.asyncDispose]: () => one[Symbol.asyncDispose]() };
}

async function passBoth(nodes: readonly NotifierBench[], ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) for (const node of nodes) await node.pass(250);
}

/** The phone refreshes at a node that is not the owner. */
async function refreshAt(node: NotifierBench, tag: string, facts = {}): Promise<void> {
  node.edge.subscribe({ cseq: 2, toTag: tag, ...facts });
  await settled();
}

const stored = (node: NotifierBench, tag: string) => node.store.subscriptions.find(tag);

async function recordOf(node: NotifierBench, tag: string): Promise<SubscriptionRecord> {
  const record = await stored(node, tag);
  if (record === null) throw new Error('No record');
  return record;
}

//  phone      node 1     store     node 2 (owner)
//    |--refresh->|--mine-->|          |
//    |<--200-----|--taken------------>|  lets go
//    |           |<-freed-------------|
//    |<-NOTIFY---|
describe('a refresh that another node hears', () => {
  it('makes the subscription that one’s, and the owner of before is told since which epoch, and lets go', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    await refreshAt(one, tag);
    expect(await stored(one, tag)).toMatchObject({ owner: 'node1', epoch: 2 });
    expect(one.said).toEqual([['node2', { kind: 'taken', id: tag, epoch: 2, from: 'node1' }]]);
    expect(two.said).toEqual([['node1', { kind: 'freed', id: tag, epoch: 2, from: 'node2' }]]);
    expect(one.edge.answers.at(-1)?.status).toBe(200);
    expect(one.edge.notifies).toHaveLength(1);
    expect(one.edge.last.cseq).toBeGreaterThan(two.edge.last.cseq);
  });

  it('is not told of when the node had it already', async () => {
    await using nodes = await twoNodes();
    const { one, tag } = nodes;
    await refreshAt(one, tag);
    one.edge.settle(200);
    await refreshAt(one, tag, { cseq: 3 });
    expect(one.said).toHaveLength(1);
    expect(one.edge.notifies).toHaveLength(2);
  });

  it('RFC 3261 §12.2.2: tells the phone nothing, changes neither, before the owner of before has let go', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    two.isDeaf = true;
    await refreshAt(one, tag);
    expect(one.edge.answers.at(-1)?.status).toBe(200);
    await one.notifier.service.setManual(NIGHT, { status: 'busy' });
    await passBoth([one, two], 2_000);
    expect(one.edge.notifies).toHaveLength(0);
    two.isDeaf = false;
    await passBoth([one, two], 500);
    expect(one.edge.notifies).toHaveLength(1);
    expect(one.edge.last.body).toContain('<state>confirmed</state>');
  });

  it('waits 3.5 s for an owner that says nothing: without a heartbeat that one tells no changes by then', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    two.isDeaf = true;
    await refreshAt(one, tag);
    await passBoth([one, two], 3_250);
    expect(one.edge.notifies).toHaveLength(0);
    await passBoth([one, two], 500);
    expect(one.edge.notifies).toHaveLength(1);
  });

  it('does not wait for an owner that is not there any more', async () => {
    await using nodes = await twoNodes();
    const { one, tag } = nodes;
    const record = await recordOf(one, tag);
    await one.store.subscriptions.update({ ...record, owner: 'gone', epoch: 2 }, 1);
    await refreshAt(one, tag);
    expect(one.edge.notifies).toHaveLength(1);
  });

  it('leaves nothing at the owner of before that could tell the phone of a change', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    await refreshAt(one, tag);
    one.edge.settle(200);
    await refreshAt(two, tag, { cseq: 3 });
    two.edge.settle(200);
    const before = one.edge.notifies.length;
    await one.notifier.service.setManual(NIGHT, { status: 'busy' });
    await one.pass(100);
    expect(one.edge.notifies).toHaveLength(before);
    expect(await stored(one, tag)).toMatchObject({ owner: 'node2', epoch: 3 });
  });

  it('a NOTIFY of the owner of before that is still in flight is over for its edge', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    await refreshAt(two, tag);
    await refreshAt(one, tag, { cseq: 3 });
    expect(two.edge.last.slot.isOver).toBe(true);
    expect(one.edge.last.slot.isOver).toBe(false);
  });

  it('takes nothing from a node that has it newer', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    await refreshAt(one, tag);
    one.edge.settle(200);
    await two.store.post.say('node1', { kind: 'taken', id: tag, epoch: 1, from: 'node2' });
    await settled();
    expect(one.said).toHaveLength(1);
    await one.notifier.service.setManual(NIGHT, { status: 'busy' });
    await one.pass(100);
    expect(one.edge.last.body).toContain('<state>confirmed</state>');
  });

  it('was written by a third node meanwhile: that one is asked to let go', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    const three = await one.another(new ManualClock(), 'node3');
    await refreshAt(two, tag);
    const record = await recordOf(one, tag);
    await one.store.subscriptions.update({ ...record, owner: 'node3', epoch: 2 }, 1);
    await refreshAt(two, tag, { cseq: 3 });
    expect(two.said).toEqual([['node3', { kind: 'taken', id: tag, epoch: 3, from: 'node2' }]]);
    expect(three.said).toEqual([['node2', { kind: 'freed', id: tag, epoch: 3, from: 'node3' }]]);
    expect(two.edge.answers.at(-1)?.status).toBe(200);
  });

  it('that ends it: the phone has its last NOTIFY, and the record is gone', async () => {
    await using nodes = await twoNodes();
    const { one, tag } = nodes;
    await refreshAt(one, tag, { expires: 0 });
    expect(one.edge.last).toMatchObject({ last: true });
    one.edge.settle(200);
    await settled();
    expect(await stored(one, tag)).toBeNull();
  });
});

const AWAY = new Fault('STORE_AWAY', 'Cannot use the store: it is away in this test');

describe('a store that goes while another node hears a refresh', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('before the boards are read: the phone is asked to come back, and nothing is held here for it', async () => {
    await using nodes = await twoNodes();
    const { one, tag } = nodes;
    const { bus, boards } = one.store;
    const [listen, ignore] = [vi.spyOn(bus, 'listen'), vi.spyOn(bus, 'ignore')];
    vi.spyOn(boards, 'getMany').mockRejectedValueOnce(AWAY);
    await refreshAt(one, tag);
    expect(one.edge.answers.at(-1)?.status).toBe(503);
    expect(await stored(one, tag)).toMatchObject({ owner: 'node2', epoch: 1 });
    expect([listen.mock.calls.length, ignore.mock.calls.length]).toEqual([1, 1]);
    await refreshAt(one, tag);
    expect(await stored(one, tag)).toMatchObject({ owner: 'node1', epoch: 2 });
    expect(one.edge.notifies).toHaveLength(1);
  });

  it('with the answer to the write: the phone is told from here, then and later', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    const { subscriptions } = one.store;
    const update = subscriptions.update.bind(subscriptions);
    vi.spyOn(subscriptions, 'update').mockImplementationOnce(async (record, epoch) => {
      await update(record, epoch);
      throw AWAY;
    });
    await refreshAt(one, tag);
    expect(one.edge.answers.at(-1)?.status).toBe(200);
    one.edge.settle(200);
    await one.notifier.service.setManual(NIGHT, { status: 'busy' });
    await passBoth([one, two], 1_500);
    expect(one.edge.last.body).toContain('<state>confirmed</state>');
    expect(await stored(one, tag)).toMatchObject({ owner: 'node1', epoch: 2 });
  });
});

//  phone      node 1            store (node 2's)   node 2
//    |--refresh->|--mine--> lost      |               |
//    |<--200-----|--taken---------------------------->|  lets go
//    |           X                    |<--whose?------|  5 s later
//    |<-NOTIFY----------------------------------------|
describe('a subscription that its node has let go of', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('is taken up again when whoever wanted it has died before its write arrived', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    const before = two.edge.last;
    vi.spyOn(one.store.subscriptions, 'update').mockRejectedValueOnce(AWAY);
    await refreshAt(one, tag);
    expect(two.said).toHaveLength(1);
    one.clock.forget();
    await one.notifier.service.setManual(NIGHT, { status: 'busy' });
    await two.pass(4_000);
    expect(two.edge.notifies).toHaveLength(1);
    await two.pass(3_000);
    expect(two.edge.last.body).toContain('<state>confirmed</state>');
    expect(two.edge.last.cseq).toBeGreaterThan(before.cseq + 1_000);
    expect(await stored(one, tag)).toMatchObject({ owner: 'node2', epoch: 1 });
  });

  it('is looked at again and again while the store is away', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    await two.store.post.say('node2', { kind: 'taken', id: tag, epoch: 2, from: 'node3' });
    await one.notifier.service.setManual(NIGHT, { status: 'busy' });
    const find = vi.spyOn(one.store.subscriptions, 'find').mockRejectedValue(AWAY);
    await two.pass(20_000);
    expect(find.mock.calls.length).toBeGreaterThan(10);
    find.mockRestore();
    await two.pass(1_500);
    expect(two.edge.notifies).toHaveLength(2);
  });

  it('is left to the node that the store says it is of', async () => {
    await using nodes = await twoNodes();
    const { one, two, tag } = nodes;
    await refreshAt(one, tag);
    one.edge.settle(200);
    const find = vi.spyOn(one.store.subscriptions, 'find');
    await passBoth([one, two], 20_000);
    expect(find).toHaveBeenCalledTimes(1);
    expect(await stored(one, tag)).toMatchObject({ owner: 'node1', epoch: 2 });
    expect(two.edge.notifies).toHaveLength(1);
  });
});

describe('a node that starts again', () => {
  /** The second node has stopped, and its next process starts; `meddle` comes before a step of its start. */
  async function startAgain(
    step: 'checkpoint' | 'look',
    meddle: (record: SubscriptionRecord, one: NotifierBench) => Promise<unknown>,
  ) {
    const nodes = await twoNodes();
    const { one, two, tag } = nodes;
    one.edge.reachable = () => false;
    await one.notifier.service.setManual(NIGHT, { status: 'busy' });
    const stopped = two.notifier.stop();
    await two.pass(500);
    await stopped;
    const record = await recordOf(one, tag);
    const { subscriptions, boards } = one.store;
    const checkpoint = subscriptions.checkpoint.bind(subscriptions);
    const getMany = boards.getMany.bind(boards);
    const meddled =
      <A, R>(name: string, work: (given: A) => Promise<R>) =>
      async (given: A) => {
        if (name === step) await meddle(record, one);
        return await work(given);
      };
    Object.assign(subscriptions, { checkpoint: meddled('checkpoint', checkpoint) });
    Object.assign(boards, { getMany: meddled('look', getMany) });
    const next = await one.another(new ManualClock(), 'node2');
    Object.assign(subscriptions, { checkpoint });
    Object.assign(boards, { getMany });
    return { ...nodes, next };
  }

  it('takes up what is its own, and tells what changed meanwhile', async () => {
    await using nodes = await startAgain('look', async () => {});
    expect(nodes.next.edge.notifies).toHaveLength(1);
    expect(nodes.next.edge.last.body).toContain('<state>confirmed</state>');
  });

  it('leaves alone what another node has taken before it reserved its numbers', async () => {
    await using nodes = await startAgain('checkpoint', async (record, one) => {
      const taken = { ...record, owner: 'node1', epoch: record.epoch + 1 };
      await one.store.subscriptions.update(taken, record.epoch);
    });
    expect(nodes.next.edge.notifies).toHaveLength(0);
  });

  it('leaves alone what another node takes before it has come to life, and says so', async () => {
    await using nodes = await startAgain('look', async ({ id, epoch }, one) => {
      await one.store.post.say('node2', { kind: 'taken', id, epoch: epoch + 1, from: 'node1' });
      await settled();
    });
    expect(nodes.next.edge.notifies).toHaveLength(0);
    expect(nodes.next.said).toMatchObject([['node1', { kind: 'freed' }]]);
  });
});

describe('a node that stops', () => {
  it('begins no NOTIFY any more, and nothing of it reaches a phone when others may tell it', async () => {
    await using bench = await startNotifier();
    bench.edge.subscribe();
    await settled();
    const { nodes } = bench.store;
    const leave = nodes.leave.bind(nodes);
    Object.assign(nodes, {
      leave: (self: Parameters<typeof leave>[0]) => {
        bench.edge.order.push('left');
        return leave(self);
      },
    });
    const stopped = bench.notifier.stop();
    await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    bench.edge.settle(200);
    await bench.pass(1_000);
    await stopped;
    expect(bench.edge.order).toEqual(['200', 'NOTIFY 1', 'stop', 'left']);
  });

  it('still answers a SUBSCRIBE that was under way, with its NOTIFY', async () => {
    await using bench = await startNotifier();
    bench.edge.subscribe();
    const stopped = bench.notifier.stop();
    await settled();
    bench.edge.settle(200);
    await bench.pass(500);
    await stopped;
    expect(bench.edge.order).toEqual(['200', 'NOTIFY 1', 'stop']);
  });
});
