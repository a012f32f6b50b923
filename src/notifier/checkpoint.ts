import type { Checkpoint } from '../ports/subscriptions.ts';
import { dispute } from './dispute.ts';
import type { Slot } from './slot.ts';
import type { NotifierState } from './state.ts';
import { together } from './together.ts';

/** Records written in one go. */
const CHUNK = 1000;
/** Records that are made good at the same time. */
const AT_ONCE = 100;

/** Writes the progress of every slot that has some; what cannot be written is kept for the next time. */
export async function checkpoint(state: NotifierState): Promise<void> {
  const slots = [...state.unwritten];
  for (let from = 0; from < slots.length; from += CHUNK) {
    const chunk = slots.slice(from, from + CHUNK);
    for (const slot of chunk) state.unwritten.delete(slot);
    try {
      await write(state, chunk);
    } catch (error) {
      for (const slot of chunk) if (state.slots.has(slot.record.id)) state.unwritten.add(slot);
      throw error;
    }
  }
}

async function write(state: NotifierState, slots: readonly Slot[]): Promise<void> {
  const { subscriptions } = state.parts.store;
  const refused = await subscriptions.checkpoint(slots.map(checkpointOf));
  const strange = new Set(refused);
  const doubtful = slots.filter((slot) => slot.unsaved || strange.has(slot.record.id));
  await together(doubtful, AT_ONCE, (slot) => reconcile(state, slot));
}

/** What the store should know of a slot's progress. */
export function checkpointOf(slot: Slot): Checkpoint {
  const { acked, cseqCeiling, versionCeiling } = slot;
  return { id: slot.record.id, epoch: slot.record.epoch, acked, cseqCeiling, versionCeiling };
}

/** The store has another idea of this record: it lost it (then it gets it back), or another node owns it now. */
async function reconcile(state: NotifierState, slot: Slot): Promise<void> {
  if (state.slots.get(slot.record.id) !== slot) return;
  const { subscriptions } = state.parts.store;
  const result = (await isTaken(state, slot))
    ? 'stale'
    : await subscriptions.update(slot.current(), slot.record.epoch);
  if (result === 'gone') await subscriptions.create(slot.current());
  slot.unsaved = false;
  if (result === 'stale') await dispute(state, slot);
}

/** The epoch of a write that has not arrived may be that of another node's by now: it has counted on from the same one. */
async function isTaken({ parts }: NotifierState, { unsaved, record }: Slot): Promise<boolean> {
  if (!unsaved) return false;
  const stored = await parts.store.subscriptions.find(record.id);
  return stored !== null && stored.owner !== parts.options.nodeId;
}
