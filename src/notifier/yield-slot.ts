import type { Slot } from './slot.ts';
import type { NotifierState } from './state.ts';

/** Another node owns the subscription: this one forgets it without a word to the phone or the store (see `lookAtLetGo`). */
export function yieldSlot(state: NotifierState, slot: Slot): void {
  if (slot.pacing === 'closed') return;
  slot.pacing = 'closed';
  state.letGo.set(slot.record.id, state.parts.steady());
  // One that opens has not been added yet: `bringToLife` lets go of it.
  if (!state.opening.has(slot.record.id)) state.remove(slot);
}
