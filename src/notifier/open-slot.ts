import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { Slot, type SlotStart } from './slot.ts';
import type { NotifierState } from './state.ts';

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
  return new Slot(record, await state.watch(record.resource), { ...start, style });
}
