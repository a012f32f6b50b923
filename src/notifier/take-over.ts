import { isFault } from '../errors.ts';
import type { NodeClaim } from '../ports/nodes.ts';
import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import type { LostNode } from './peers.ts';
import type { NotifierState } from './state.ts';
import { bringToLife, slotFor } from './takeover.ts';

/** How long a claim holds without being kept, in ms: longer than a batch takes. */
const CLAIM_MS = 5_000;
/** How long this node leaves a lost one alone of which it cannot reach all, in ms. */
const AGAIN_MS = 30_000;
/** Subscriptions that are taken in one go. */
const BATCH = 100;

/**
 * Takes over what lost nodes owned, as far as its phones can be reached from here. The others stay as they are: they come
 * back by their own SUBSCRIBE, or expire.
 */
export async function takeOverLost(state: NotifierState): Promise<void> {
  for (const lost of state.peers.lost()) {
    if (lost.node === state.parts.options.nodeId || state.ending) continue;
    if ((state.leftAlone.get(lost.node) ?? 0) > state.parts.steady()) continue;
    await takeOver(state, lost);
  }
}

/** What became of a lost node's subscriptions. */
interface Count {
  taken: number;
  left: number;
}

async function takeOver(state: NotifierState, { node, sign }: LostNode): Promise<void> {
  const { store, instance, log, steady } = state.parts;
  const claim: NodeClaim = { node, sign, by: instance };
  if (!(await mayGoOn(state, claim))) return;
  const count: Count = { taken: 0, left: 0 };
  const whole = await takeAll(state, claim, count);
  if (count.taken > 0) log.warn({ node, ...count }, 'Took over the subscriptions of a node that is lost');
  if (!whole) return;
  const done = count.left === 0;
  if (done) state.leftAlone.delete(node);
  else state.leftAlone.set(node, steady() + AGAIN_MS);
  await store.nodes.release(claim, done);
}

/** False if it had to stop: the node is back, another one has the claim, or this one ends. */
async function takeAll(state: NotifierState, claim: NodeClaim, count: Count): Promise<boolean> {
  for await (const page of state.parts.store.subscriptions.owned(claim.node)) {
    const reached = page.filter((record) => reaches(state, record));
    count.left += page.length - reached.length;
    for (let from = 0; from < reached.length; from += BATCH) {
      if (!(await mayGoOn(state, claim))) return false;
      const batch = reached.slice(from, from + BATCH);
      count.taken += await takeBatch(state, batch);
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

/** Makes records this node's; gives how many of them were still the lost one's. */
async function takeBatch(state: NotifierState, records: readonly SubscriptionRecord[]): Promise<number> {
  const { nodeId: owner } = state.parts.options;
  const foreign = records.filter(({ id }) => !state.slots.has(id));
  const opened = await Promise.allSettled(
    foreign.map((record) => slotFor(state, { ...record, owner, epoch: record.epoch + 1 })),
  );
  const slots = opened.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  const written = await Promise.allSettled(
    slots.map((slot) => state.parts.store.subscriptions.update(slot.current(), slot.record.epoch - 1)),
  );
  const mine = slots.filter((slot, index) => {
    const result = written[index];
    // The write may have arrived although its answer did not: `reconcile` finds out.
    slot.unsaved = result?.status === 'rejected';
    const isMine = slot.unsaved || (result?.status === 'fulfilled' && result.value === 'ok');
    if (slot.unsaved) state.unwritten.add(slot);
    if (!isMine) state.release(slot);
    return isMine;
  });
  await bringToLife(state, mine);
  const failure = [...opened, ...written].find((result) => result.status === 'rejected');
  if (failure !== undefined && !isFault(failure.reason, 'STORE_AWAY')) throw failure.reason;
  return mine.length;
}
