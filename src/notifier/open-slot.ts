import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { watchedPackage } from '../presence/package/watcher-info.ts';
import { Slot, type SlotStart } from './slot.ts';
import type { NotifierState } from './state.ts';
import { readWatchers } from './watcher-info.ts';
import { WatcherInfoSlot } from './watcher-info-slot.ts';

/**
 * The place of a subscription, with its watches heard on the bus. The caller reads the boards, and gives the slot to
 * `NotifierState.add` or, if that fails, to `release`.
 */
export async function openSlot(
  state: NotifierState,
  record: SubscriptionRecord,
  start: Omit<SlotStart, 'style'>,
): Promise<Slot> {
  const style = state.styles.of(record);
  const watch = await state.watch(record.resource);
  const eventPackage = watchedPackage(record.package);
  if (eventPackage === null) return new Slot(record, watch, { ...start, style });
  const { newId } = state.parts;
  const slot = new WatcherInfoSlot(record, watch, {
    ...start,
    style,
    eventPackage,
    newId,
    now: () => state.now(),
  });
  try {
    await readWatchers(state, slot);
    return slot;
  } catch (error) {
    state.release(slot);
    throw error;
  }
}
