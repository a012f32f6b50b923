import { look } from './compare.ts';
import type { ListSlot } from './list-slot.ts';
import { listFor, watchAll } from './open-slot.ts';
import { endSubscription, feed } from './perform.ts';
import type { ResolvedList } from './resolved-list.ts';
import type { NotifierState } from './state.ts';

/**
 * Tells the phones of this node whose list was changed or removed since it was read; at each call every realm is
 * asked once. Done every 2 s, and at once on the node that changes a list.
 */
export async function refreshLists(state: NotifierState): Promise<void> {
  for (const slot of [...state.listSlots]) {
    const list = await state.lists.find(slot.record.resource);
    if (list === null) end(state, slot);
    else if (list.mark !== slot.list.mark) await relist(state, slot, listFor(state, slot.record, list));
  }
}

/** RFC 6665 §4.1.3, `noresource`: the phone shall not come back for a list that is no more. */
function end(state: NotifierState, slot: ListSlot): void {
  if (!state.listSlots.has(slot)) return;
  endSubscription(state, slot, 'noresource');
}

/** Gives a slot the newer list, with watches for its members. */
async function relist(state: NotifierState, slot: ListSlot, list: ResolvedList): Promise<void> {
  const before = slot.list;
  const watches = await watchAll(
    state,
    list.members.map((member) => member.resource),
  );
  try {
    await look(state, watches);
  } catch (error) {
    for (const watch of watches) state.unwatch(watch);
    throw error;
  }
  // It may have ended, or got a newer list, while the boards were read.
  if (!state.listSlots.has(slot) || slot.list !== before) {
    for (const watch of watches) state.unwatch(watch);
    return;
  }
  const [, ...old] = slot.watches;
  for (const watch of old) watch.slots.delete(slot);
  for (const watch of watches) watch.slots.add(slot);
  for (const watch of old) state.unwatch(watch);
  slot.relist(list, watches);
  feed(state, slot, 'changed');
}
