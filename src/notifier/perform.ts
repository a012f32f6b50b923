import {
  type PacingAction,
  type PacingInput,
  pace,
  rateArrival,
  rateDelay,
  retryDelay,
} from '../presence/pacing.ts';
import { activeState, type EndReason, terminatedState } from '../presence/subscription.ts';
import { noteSent, rateOf } from './rate.ts';
import { RESERVE, type Slot } from './slot.ts';
import type { NotifierState } from './state.ts';

/**
 * Gives a slot's pacing an input and does what follows from it. Changes wait while it is in doubt whose the subscription
 * is; an answer to its phone does not.
 */
export function feed(state: NotifierState, slot: Slot, input: PacingInput): void {
  if ((input === 'changed' || input === 'due') && state.fence.holds(slot)) return;
  const before = slot.pacing;
  const { state: next, action } = pace(before, input);
  slot.pacing = next;
  if (action === 'forget') forget(state, slot, before === 'closing');
  else if (action !== 'none') perform(state, slot, action);
}

function perform(state: NotifierState, slot: Slot, action: Exclude<PacingAction, 'none' | 'forget'>): void {
  switch (action) {
    case 'send':
      send(state, slot, false);
      break;
    case 'send-last':
      send(state, slot, true);
      break;
    case 'wait-rate':
      wait(state, slot, Math.max(slot.batchMs, delayFor(state, slot)));
      break;
    case 'wait-retry':
      state.fail(slot);
      wait(state, slot, retryDelay(slot.failures, slot.retryAfter));
      break;
  }
}

/** How long the next NOTIFY must wait, in ms, for the rate of its subscription and that of its phone. */
function delayFor(state: NotifierState, slot: Slot): number {
  const now = state.now();
  const delay = rateDelay(slot.arrival, now, rateOf(slot.record, state.parts.options.rate));
  const { phoneRate } = slot.style.profile;
  return phoneRate === null ? delay : state.phoneRates.take(slot.record.flow, phoneRate, now + delay) - now;
}

function wait(state: NotifierState, slot: Slot, delayMs: number): void {
  if (delayMs <= 0) {
    feed(state, slot, 'due');
    return;
  }
  slot.wakeAt = state.now() + delayMs;
  schedule(state, slot);
}

/** Puts the slot's next moment on the wheel: the end of its wait or of its subscription, whichever is first. */
export function schedule(state: NotifierState, slot: Slot): void {
  const expiresAt = slot.stored ? slot.record.expiresAt : Number.POSITIVE_INFINITY;
  state.wheel.schedule(slot, Math.min(slot.wakeAt, slot.repeatAt, expiresAt));
}

/** The wheel says that a moment of the slot has come. */
export function wake(state: NotifierState, slot: Slot): void {
  // What waits goes back on the wheel when the doubt is over.
  if (state.fence.holds(slot)) return;
  const now = state.now();
  if (slot.stored && slot.record.expiresAt <= now) {
    // RFC 6665 §4.2.1.4: a subscription that runs out is told so.
    endSubscription(state, slot, slot.reason);
    return;
  }
  if (slot.wakeAt <= now) {
    slot.wakeAt = Number.POSITIVE_INFINITY;
    state.settleDown(slot);
    feed(state, slot, 'due');
  }
  if (slot.repeatAt <= now) {
    slot.repeatAt = Number.POSITIVE_INFINITY;
    // What waits or is on its way tells the state anyway.
    if (slot.pacing === 'quiet') feed(state, slot, 'demand');
  }
  if (slot.pacing !== 'closed' && slot.pacing !== 'closing') schedule(state, slot);
}

/**
 * Ends a subscription: its phone is told in a last NOTIFY (RFC 6665 §4.2.2), unless its profile says that it would
 * subscribe anew only for that.
 */
export function endSubscription(state: NotifierState, slot: Slot, reason: EndReason): void {
  slot.reason = reason;
  feed(state, slot, slot.style.profile.lastNotify ? 'end' : 'lost');
}

/** Sends the next NOTIFY of a slot. */
function send(state: NotifierState, slot: Slot, last: boolean): void {
  const { watch, record } = slot;
  const { options, edge, meter } = state.parts;
  const now = state.now();
  const changed = slot.sent !== null && slot.sent.change !== watch.mark.change;
  const { goesOn } = slot;
  const notify = slot.compose(
    last ? terminatedState(slot.reason) : activeState(record.expiresAt, now) + slot.rateText,
    last,
  );
  // What goes on is one notification in several messages: the rate is for the first.
  if (!goesOn) slot.arrival = rateArrival(slot.arrival, now, rateOf(record, options.rate));
  if (slot.stored) reserve(state, slot);
  edge.notify(slot, notify);
  if (record.rates !== null && !last) {
    noteSent(slot, now);
    schedule(state, slot);
  }
  meter.sent(changed && watch.board !== null ? now - watch.board.changedAt : -1);
}

/** Reserves the next block of numbers when half of this one is used, so that the store hears of it in time. */
export function reserve(state: NotifierState, slot: Slot): void {
  const margin = RESERVE / 2;
  if (slot.cseq + margin < slot.cseqCeiling && slot.version + margin < slot.versionCeiling) return;
  slot.cseqCeiling = Math.max(slot.cseqCeiling, slot.cseq + RESERVE);
  slot.versionCeiling = Math.max(slot.versionCeiling, slot.version + RESERVE);
  state.unwritten.add(slot);
}

/** Ends a subscription here and in the store. `told`: its last NOTIFY has been sent and has settled. */
function forget(state: NotifierState, slot: Slot, told: boolean): void {
  const { edge, store, log } = state.parts;
  state.remove(slot);
  edge.release(slot, told);
  if (!slot.stored) return;
  const { id } = slot.record;
  state.ended.add(id);
  store.subscriptions
    .remove(slot.record)
    // A record that cannot be removed now expires by itself.
    .catch((error: unknown) => {
      log.warn({ err: error, subscription: id }, 'Cannot remove an ended subscription from the store');
    })
    .finally(() => state.ended.delete(id));
}
