import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { retryNow } from './settle.ts';
import { flowKey, type Slot } from './slot.ts';
import type { NotifierState } from './state.ts';

/**
 * A refresh has come through another NAT binding than `before`: all that the same phone (the same AOR, the same Contact)
 * has subscribed on the old one moves along, and what could not be told there is tried at once. The refresh has proven
 * that it is the phone: it knows the tags of its dialog. A phone on a stream, or with a new Contact, moves one by one.
 */
export function moveWith(state: NotifierState, before: SubscriptionRecord, after: SubscriptionRecord): void {
  if (before.flow === after.flow) return;
  const wasUdp = before.flow.transport === 'udp' && after.flow.transport === 'udp';
  if (!wasUdp || flowKey(before.flow) === flowKey(after.flow)) return;
  for (const slot of state.kept.onFlow(before.flow)) {
    if (isSamePhone(slot.record, after)) move(state, slot, after);
  }
}

/** Contact and From are what anybody may write: as whom it has authenticated has to be the same, too. */
function isSamePhone(one: SubscriptionRecord, other: SubscriptionRecord): boolean {
  const [{ dialog }, { dialog: otherDialog }] = [one, other];
  const isSameName =
    dialog.remoteTarget === otherDialog.remoteTarget && dialog.remoteUri === otherDialog.remoteUri;
  return isSameName && one.identity === other.identity;
}

function move(state: NotifierState, slot: Slot, { flow }: SubscriptionRecord): void {
  const { record } = slot;
  const wasFailing = state.failing.get(flowKey(record.flow))?.has(slot) === true;
  // A stack that keeps the dialog would go on sending where the phone was.
  const stack = record.stack && { ...record.stack, inDialog: false };
  state.renew(slot, { ...record, flow, stack });
  slot.unsaved = true;
  state.unwritten.add(slot);
  if (wasFailing) retryNow(state, slot);
}
