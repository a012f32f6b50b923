import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { checkpointOf } from './checkpoint.ts';
import { look } from './compare.ts';
import { JUMP } from './dispute.ts';
import { holdBack } from './hand-over.ts';
import { openSlot } from './open-slot.ts';
import { feed, schedule } from './perform.ts';
import type { Slot } from './slot.ts';
import type { NotifierState } from './state.ts';
import { yieldSlot } from './yield-slot.ts';

/** Takes up every subscription that the store says this node owns; gives how many. For the start of a process. */
export async function takeUpOwn(state: NotifierState): Promise<number> {
  let taken = 0;
  for await (const page of state.parts.store.subscriptions.owned(state.parts.options.nodeId)) {
    const records = page.filter((record) => !state.slots.has(record.id));
    await takeUp(state, records);
    taken += records.length;
  }
  return taken;
}

/**
 * Takes up records of this node: the numbers they will use are reserved first, then each phone that has not
 * confirmed its board is told of it, and each subscription that ran out meanwhile is ended by the wheel.
 */
export async function takeUp(state: NotifierState, records: readonly SubscriptionRecord[]): Promise<void> {
  const slots = await Promise.all(records.map((record) => slotFor(state, record)));
  await opening(state, slots, async () => {
    const { subscriptions } = state.parts.store;
    const points = slots.map(checkpointOf);
    const refused = new Set(await orRelease(state, slots, () => subscriptions.checkpoint(points)));
    // Phones that were heard elsewhere since the page was read.
    for (const slot of slots) if (refused.has(slot.record.id)) yieldSlot(state, slot);
    await readBoards(state, slots);
    bringToLife(state, slots);
  });
}

/** While `work` makes slots this node's and brings them to life, it is noticed that another node takes one. */
export async function opening(
  state: NotifierState,
  slots: readonly Slot[],
  work: () => Promise<unknown>,
): Promise<void> {
  for (const slot of slots) state.opening.set(slot.record.id, slot);
  try {
    await work();
  } finally {
    for (const slot of slots) state.opening.delete(slot.record.id);
  }
}

/** Reads the boards of slots that do not live yet, which are let go of if that fails. From then on the bus tells of them. */
export function readBoards(state: NotifierState, slots: readonly Slot[]): Promise<void> {
  return orRelease(state, slots, () => look(state, [...new Set(slots.flatMap((slot) => slot.watches))]));
}

async function orRelease<T>(
  state: NotifierState,
  slots: readonly Slot[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    for (const slot of slots) state.release(slot);
    throw error;
  }
}

/**
 * Adds slots whose records are this node's and whose boards are read, and tells each phone that has not confirmed its
 * board. It asks the store for nothing: what this node owns must not hang on an answer that may not come.
 */
export function bringToLife(state: NotifierState, slots: readonly Slot[]): void {
  for (const slot of slots) {
    if (slot.pacing === 'closed') {
      state.release(slot);
      continue;
    }
    state.opening.delete(slot.record.id);
    const living = settleIn(state, slot);
    if (!living.confirmed) feed(state, living, 'changed');
  }
}

/** Takes up one subscription because its phone was heard here. The caller stores the record. */
export async function takeUpOne(state: NotifierState, record: SubscriptionRecord): Promise<Slot> {
  const slot = await slotFor(state, record);
  await readBoards(state, [slot]);
  const living = settleIn(state, slot);
  if (living === slot && record.owner !== state.parts.options.nodeId) holdBack(state, slot);
  return living;
}

/** Adds the slot, unless the subscription came to life while the store was asked; gives the one that lives. */
function settleIn(state: NotifierState, slot: Slot): Slot {
  const living = state.slots.get(slot.record.id);
  if (living !== undefined) {
    state.release(slot);
    return living;
  }
  state.add(slot);
  schedule(state, slot);
  return slot;
}

/** The place of a record that was another process' until now: its numbers go on above all that may have been used. */
export async function slotFor(state: NotifierState, record: SubscriptionRecord): Promise<Slot> {
  const start = { cseq: record.cseqCeiling + JUMP, version: record.versionCeiling + JUMP, stored: true };
  const slot = await openSlot(state, record, start);
  slot.raise(start.cseq, start.version);
  return slot;
}
