import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { checkpointOf } from './checkpoint.ts';
import { look } from './compare.ts';
import { JUMP } from './dispute.ts';
import { openSlot } from './open-slot.ts';
import { feed, schedule } from './perform.ts';
import type { Slot } from './slot.ts';
import type { NotifierState } from './state.ts';

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
async function takeUp(state: NotifierState, records: readonly SubscriptionRecord[]): Promise<void> {
  const slots = await Promise.all(records.map((record) => slotFor(state, record)));
  await state.parts.store.subscriptions.checkpoint(slots.map(checkpointOf));
  await bringToLife(state, slots);
}

/** Adds slots whose records are this node's, and tells each phone that has not confirmed its board. */
export async function bringToLife(state: NotifierState, slots: readonly Slot[]): Promise<void> {
  await look(state, [...new Set(slots.flatMap((slot) => slot.watches))]);
  for (const slot of slots) {
    const living = settleIn(state, slot);
    if (!living.confirmed) feed(state, living, 'changed');
  }
}

/** Takes up one subscription because its phone was heard here. The caller stores the record. */
export async function takeUpOne(state: NotifierState, record: SubscriptionRecord): Promise<Slot> {
  const slot = await slotFor(state, record);
  await look(state, slot.watches);
  return settleIn(state, slot);
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
