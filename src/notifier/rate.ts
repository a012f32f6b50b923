import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import type { Rate } from '../presence/pacing.ts';
import { REMEMBERED_NOTIFIES, repeatDelay } from '../presence/rates.ts';
import type { Slot } from './slot.ts';

/** How fast a subscription may be told: as the operator says, or slower if it asked for that (RFC 6446 §5.2). */
export function rateOf(record: SubscriptionRecord, operators: Rate): Rate {
  const max = record.rates?.max;
  return max === undefined ? operators : { burst: 1, perSecond: Math.min(max, operators.perSecond) };
}

/** Remembers a NOTIFY of a subscription with rates of its own, and when the state is due again without a change. */
export function noteSent(slot: Slot, now: number): void {
  slot.notified = [...slot.notified, now].slice(-REMEMBERED_NOTIFIES);
  slot.repeatAt = now + repeatDelay(slot.record.rates, slot.notified, now);
}
