import type { Flow } from '../ports/edge.ts';
import { flowKey } from './slot.ts';

/** Phones that are remembered before those that have been quiet are looked for. */
const MANY = 1000;

/**
 * Spreads the NOTIFYs for phones that take only so many a second over all their subscriptions (`Profile.phoneRate`):
 * each gets a moment of its own.
 */
export class PhoneRates {
  /** By flow: when the next NOTIFY would conform, in ms. */
  readonly #next = new Map<string, number>();

  /** The first moment from `earliest` on (ms since the epoch) that is free on this flow; it is taken then. */
  take(flow: Flow, perSecond: number, earliest: number): number {
    const key = flowKey(flow);
    const moment = Math.max(this.#next.get(key) ?? 0, earliest);
    if (this.#next.size >= MANY) this.#forgetBefore(earliest);
    this.#next.set(key, moment + 1000 / perSecond);
    return moment;
  }

  /** The clock was put back: its moments mean nothing any more. */
  clear(): void {
    this.#next.clear();
  }

  #forgetBefore(now: number): void {
    for (const [key, next] of this.#next) if (next < now) this.#next.delete(key);
  }
}
