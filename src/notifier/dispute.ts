import type { SubscriptionRecord, WriteResult } from '../ports/subscriptions.ts';
import { takeFrom } from './hand-over.ts';
import type { Slot } from './slot.ts';
import type { NotifierState } from './state.ts';
import { yieldSlot } from './yield-slot.ts';

/**
 * Numbers jump by this much when a subscription is taken up: the last owner may have gone on beyond its reserved
 * block while the store was away, and phones drop a version or CSeq that is lower than one they have seen.
 */
export const JUMP = 10_000;

/**
 * The record is not as this node has written it. Whoever heard the phone last owns it, or else whoever took it last: if
 * that is this node, it takes the subscription back, above every number that the other one may have used; else it yields,
 * without a word to the phone or the store.
 */
export async function dispute(state: NotifierState, slot: Slot): Promise<WriteResult> {
  const { subscriptions } = state.parts.store;
  const stored = await subscriptions.find(slot.record.id);
  const { expiresAt } = slot.record;
  if (stored === null || !isLater(slot.record, stored)) {
    yieldSlot(state, slot);
    return stored === null ? 'gone' : 'stale';
  }
  slot.raise(stored.cseqCeiling + JUMP, stored.versionCeiling + JUMP);
  const expiry = Math.max(expiresAt, stored.expiresAt);
  state.renew(slot, { ...slot.record, epoch: stored.epoch + 1, expiresAt: expiry });
  const result = await subscriptions.update(slot.current(), stored.epoch);
  if (result === 'ok') takeFrom(state, slot, stored.owner);
  else yieldSlot(state, slot);
  return result;
}

/**
 * A lower epoch in the store is one from before: the write that took the subscription has not arrived, or a failover has
 * lost it. Whose it was has let go of it, or is lost, so that yielding would leave it to nobody.
 */
function isLater(ours: SubscriptionRecord, stored: SubscriptionRecord): boolean {
  const heard = ours.dialog.remoteCseq - stored.dialog.remoteCseq;
  return heard === 0 ? ours.epoch > stored.epoch : heard > 0;
}
