import type { Flow, NotifyResult } from '../ports/edge.ts';
import { judgeStatus, judgeTimeout, type Verdict } from '../presence/subscription.ts';
import { isProbe, noteProbe } from './duplicates.ts';
import { feed, reserve } from './perform.ts';
import { flowKey, isStream, type Slot } from './slot.ts';
import type { NotifierState } from './state.ts';

/** The end of a NOTIFY: what it means for the subscription, and what comes next. */
export function settle(state: NotifierState, slot: Slot, result: NotifyResult): void {
  state.parts.meter.settled(statusOf(result));
  const verdict = judge(slot, result);
  slot.retryAfter = result.kind === 'answered' ? result.retryAfter : null;
  if (verdict === 'accepted') accepted(state, slot);
  else failed(state, slot);
  if (isProbe(slot) && result.kind !== 'away') noteProbe(state, slot, { result, lost: verdict === 'lost' });
  feed(state, slot, verdict);
  if (verdict === 'accepted') goOn(state, slot);
}

/** What did not fit into the NOTIFY that is confirmed now, or has come to be told meanwhile. */
export function goOn(state: NotifierState, slot: Slot): void {
  const { pacing } = slot;
  if (pacing !== 'quiet' && pacing !== 'waiting') return;
  if (slot.goesOn) feed(state, slot, 'demand');
  else if (pacing === 'quiet' && !slot.confirmed) feed(state, slot, 'changed');
}

function accepted(state: NotifierState, slot: Slot): void {
  // Only what has failed waits after a failure; the look-up by flow is not for every NOTIFY.
  if (slot.failures > 0) state.settleDown(slot);
  slot.failures = 0;
  slot.timeouts = 0;
  slot.confirm();
  if (slot.stored) state.unwritten.add(slot);
}

/** A phone may refuse what another node that has taken the subscription has outrun: the checkpoint finds out. */
function failed(state: NotifierState, slot: Slot): void {
  slot.failures += 1;
  if (slot.stored) state.unwritten.add(slot);
}

function judge(slot: Slot, result: NotifyResult): Verdict {
  switch (result.kind) {
    case 'answered':
      return judgeStatus(result.status);
    case 'timeout':
      slot.timeouts += 1;
      // On a stream silence means that nobody is there: it cannot be loss.
      return isStream(slot.record.flow) || isProbe(slot) ? 'lost' : judgeTimeout(slot.timeouts);
    case 'unreachable':
      return isStream(slot.record.flow) || isProbe(slot) ? 'lost' : 'failed';
    case 'away':
      return 'failed';
  }
}

function statusOf(result: NotifyResult): number {
  if (result.kind === 'answered') return result.status;
  return result.kind === 'timeout' ? 408 : 0;
}

/** The stack numbered a NOTIFY itself: that number is used now, and ours stay above it. */
export function numbered(state: NotifierState, slot: Slot, cseq: number): void {
  slot.cseq = Math.max(slot.cseq, cseq);
  if (slot.stored) reserve(state, slot);
}

/** Something was heard on a flow: its phone is back, so what could not be told is tried at once. */
export function heard(state: NotifierState, flow: Flow): void {
  if (state.failing.size === 0) return;
  const slots = state.failing.get(flowKey(flow));
  if (slots === undefined) return;
  for (const slot of [...slots]) retryNow(state, slot);
}

/** The edge can send again: everything that waits after a failure is tried. */
export function restored(state: NotifierState): void {
  for (const slots of [...state.failing.values()]) for (const slot of [...slots]) retryNow(state, slot);
}

/** Ends the wait of a slot whose phone could not be told. */
export function retryNow(state: NotifierState, slot: Slot): void {
  state.settleDown(slot);
  slot.failures = 0;
  slot.wakeAt = Number.POSITIVE_INFINITY;
  feed(state, slot, 'due');
}
