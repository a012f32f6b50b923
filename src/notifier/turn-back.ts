import type { NotifierState } from './state.ts';

/**
 * The wall clock was put back to `now`, by whoever keeps it right: waits go on as if it had always been there. Without
 * that, a lamp that waits would wait for as long as the clock was wrong. Ends of subscriptions are wall-clock times and stay.
 */
export function turnBack(state: NotifierState, now: number): void {
  const ms = state.turnedAt - now;
  for (const slot of state.slots.values()) {
    slot.arrival -= ms;
    slot.wakeAt -= ms;
    slot.repeatAt -= ms;
    slot.notified = slot.notified.map((at) => at - ms);
  }
  state.phoneRates.clear();
  state.wheel.turnBack(now);
}
