import type { NotifyResult } from '../ports/edge.ts';
import { endSubscription, feed } from './perform.ts';
import type { Slot } from './slot.ts';
import type { NotifierState } from './state.ts';

/** Subscriptions that one watcher may have to one ID and package: above it the oldest is ended. */
const MOST = 8;

/**
 * A watcher has subscribed to an ID that it watches already: it may have been switched off and on again, or have two
 * keys for one ID. Each older subscription is sent its next NOTIFY at once: 481 ends it (RFC 6665 §4.2.2), silence
 * ends it after this one try, an answer keeps both.
 *
 * Only subscriptions of this node are looked at. One that another node owns is left to the answers to its own
 * NOTIFYs: 481 to the next one, three times silence, the end of its stream, or its expiry.
 */
export function probeOlder(state: NotifierState, slot: Slot): void {
  const older = state.watchers.others(slot);
  const excess = older.length >= MOST ? oldestOf(older) : undefined;
  if (excess !== undefined) endExcess(state, excess);
  for (const each of older) if (each !== excess) probe(state, each);
}

/** One that has not answered yet is probably dead already. */
function oldestOf(older: readonly Slot[]): Slot | undefined {
  return older.find((slot) => slot.probed) ?? older[0];
}

/**
 * A silent one is forgotten without a word. One that lives is told `rejected`: for `deactivated` it would subscribe
 * anew at once (RFC 6665 §4.1.3), and end the next one, for ever.
 */
function endExcess(state: NotifierState, slot: Slot): void {
  state.parts.meter.duplicate('ended');
  if (slot.probed) feed(state, slot, 'lost');
  else endSubscription(state, slot, 'rejected');
}

function probe(state: NotifierState, slot: Slot): void {
  state.parts.meter.duplicate('probed');
  slot.probed = true;
  feed(state, slot, 'demand');
}

/** True when a NOTIFY that ends now is a probe; one that was in flight before it says nothing of a reboot. */
export function isProbe(slot: Slot): boolean {
  return slot.probed && slot.pacing !== 'demanded';
}

/** A probe has ended: its slot is one like the others again, if it lives. `lost`: its subscription is over. */
export function noteProbe(
  state: NotifierState,
  slot: Slot,
  end: { result: NotifyResult; lost: boolean },
): void {
  slot.probed = false;
  if (!end.lost) state.parts.meter.duplicate('kept');
  else state.parts.meter.duplicate(end.result.kind === 'answered' ? 'gone' : 'silent');
}
