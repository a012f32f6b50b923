import type { NodeClaim } from '../ports/nodes.ts';
import type { SubscriptionRecord, WriteResult } from '../ports/subscriptions.ts';
import { bucketOf } from '../presence/resource.ts';
import type { LostNode } from './peers.ts';
import type { Slot } from './slot.ts';
import type { NotifierState } from './state.ts';
import { bringToLife, opening, readBoards, slotFor } from './takeover.ts';

/** How long a claim holds without being kept, in ms: longer than a batch takes. */
const CLAIM_MS = 5_000;
/** How long this node leaves a lost one alone of which it cannot reach all, in ms. */
const AGAIN_MS = 30_000;
/** How long it leaves to the others their shares, in ms: then it takes what is still there. */
const SHARES_MS = 2_000;
/** Subscriptions that are taken in one go. */
const BATCH = 100;

/**
 * Takes over what lost nodes owned, as far as its phones can be reached from here: the share of this node among those that
 * live, and a while later what no other has taken. What nobody reaches stays as it is: those phones come back by their own
 * SUBSCRIBE, or expire.
 */
export async function takeOverLost(state: NotifierState): Promise<void> {
  const lost = state.peers.lost();
  // One that was back may be lost anew.
  for (const node of state.leftAlone.keys()) {
    if (!lost.some((one) => one.node === node)) state.leftAlone.delete(node);
  }
  for (const one of lost) {
    if (one.node === state.parts.options.nodeId || state.ending) continue;
    if ((state.leftAlone.get(one.node) ?? 0) > state.parts.steady()) continue;
    await takeOver(state, one);
  }
}

/** What became of a lost node's subscriptions. */
interface Count {
  taken: number;
  /** Those that cannot be reached from here. */
  left: number;
  /** Those that are in the shares of others. */
  others: number;
}

/** Whose a subscription is to be. */
type Share = (record: SubscriptionRecord) => boolean;

async function takeOver(state: NotifierState, { node, sign }: LostNode): Promise<void> {
  const { store, instance, log, steady } = state.parts;
  const claim: NodeClaim = { node, sign, by: instance };
  const isFirst = !state.leftAlone.has(node);
  if (!(await mayGoOn(state, claim))) {
    // Another one is at its share: there is time before this one looks for what is left over.
    if (!isFirst) state.leftAlone.set(node, steady() + SHARES_MS);
    return;
  }
  const count: Count = { taken: 0, left: 0, others: 0 };
  const whole = await takeAll(state, {
    claim,
    count,
    isMine: isFirst ? shareOf(state) : () => true,
  }).finally(() => {
    if (count.taken > 0) log.warn({ node, ...count }, 'Took over the subscriptions of a node that is lost');
  });
  if (!whole) return;
  const done = count.left + count.others === 0;
  if (done) state.leftAlone.delete(node);
  else state.leftAlone.set(node, steady() + (count.others > 0 ? SHARES_MS : AGAIN_MS));
  await store.nodes.release(claim, done);
}

/** The share of this node, by buckets: all watchers of one ID come to one node. */
function shareOf(state: NotifierState): Share {
  const living = state.peers.living();
  const place = living.indexOf(state.parts.options.nodeId);
  return ({ resource }) => place < 0 || bucketOf(resource) % living.length === place;
}

/** False if it had to stop: the node is back, another one has the claim, or this one ends. */
async function takeAll(
  state: NotifierState,
  { claim, count, isMine }: { readonly claim: NodeClaim; readonly count: Count; readonly isMine: Share },
): Promise<boolean> {
  for await (const page of state.parts.store.subscriptions.owned(claim.node)) {
    const mine = page.filter(isMine);
    const reached = mine.filter((record) => reaches(state, record));
    count.others += page.length - mine.length;
    count.left += mine.length - reached.length;
    for (let from = 0; from < reached.length; from += BATCH) {
      if (!(await mayGoOn(state, claim))) return false;
      const batch = reached.slice(from, from + BATCH);
      await takeBatch(state, batch, count);
      await pace(state, batch.length);
    }
    if (!(await mayGoOn(state, claim))) return false;
  }
  return true;
}

/** A node that has doubts about what is its own takes nothing from others. */
async function mayGoOn(state: NotifierState, claim: NodeClaim): Promise<boolean> {
  if (state.ending || state.fence.doubts()) return false;
  return await state.parts.store.nodes.claim(claim, CLAIM_MS);
}

function reaches(state: NotifierState, record: SubscriptionRecord): boolean {
  const { mode } = state.parts.options.takeOver;
  if (mode === 'off') return false;
  if (mode === 'udp' && record.stack === null && record.flow.transport === 'udp') return true;
  return state.parts.edge.reaches(record);
}

function pace(state: NotifierState, taken: number): Promise<void> {
  const ms = (1000 * taken) / state.parts.options.takeOver.perSecond;
  return new Promise((resolve) => state.parts.clock.after(ms, resolve));
}

/**
 * Makes records this node's, and counts them. Whatever has to be read is read before the write: a store that goes after it
 * must leave nothing behind that is this node's and does not live here. Throws if one could not be taken, after the
 * others: the lost node must not be forgotten then, for nobody would look for its subscriptions any more.
 */
async function takeBatch(
  state: NotifierState,
  records: readonly SubscriptionRecord[],
  count: Count,
): Promise<void> {
  const { nodeId: owner } = state.parts.options;
  const foreign = records.filter(({ id }) => !state.slots.has(id));
  // Their taking was not answered, or their phones were heard here just now: `reconcile` finds out.
  count.left += records.length - foreign.length;
  const opened = await Promise.allSettled(
    foreign.map((record) => slotFor(state, { ...record, owner, epoch: record.epoch + 1 })),
  );
  const slots = opened.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  await readBoards(state, slots);
  await opening(state, slots, async () => {
    const written = await Promise.allSettled(
      slots.map((slot) => state.parts.store.subscriptions.update(slot.current(), slot.record.epoch - 1)),
    );
    const mine = slots.filter((slot, index) => isMine(state, slot, written[index]));
    count.taken += mine.length;
    bringToLife(state, mine);
    throwFirst([...opened, ...written]);
  });
}

/** Whether the write has made it this node's; it is let go of if not. */
function isMine(
  state: NotifierState,
  slot: Slot,
  written: PromiseSettledResult<WriteResult> | undefined,
): boolean {
  // The write may have arrived although its answer did not: `reconcile` finds out.
  slot.unsaved = written?.status === 'rejected';
  if (slot.unsaved) state.unwritten.add(slot);
  const mine = slot.unsaved || (written?.status === 'fulfilled' && written.value === 'ok');
  if (!mine) state.release(slot);
  return mine;
}

function throwFirst(results: readonly PromiseSettledResult<unknown>[]): void {
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}
