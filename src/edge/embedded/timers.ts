import { type Timed, Wheel } from '../../sip/wheel.ts';
import type { Ticking, Ticks } from './ticker.ts';

/** The timers of one kind of entry, one for each, driven by the ticker that all kinds share. */
export class Timers<Entry extends Timed<Entry>> implements Ticking {
  readonly #ticker: Ticks;
  readonly #wheel: Wheel<Entry>;
  readonly #fire: (entry: Entry) => void;
  #firedAt: number;

  /** `fire` is called with each entry that is due. */
  constructor(ticker: Ticks, fire: (entry: Entry) => void) {
    this.#ticker = ticker;
    this.#fire = fire;
    this.#firedAt = ticker.now();
    this.#wheel = new Wheel(ticker.tickMs, this.#firedAt);
    ticker.add(this);
  }

  get pending(): number {
    return this.#wheel.size;
  }

  /** The time of the ticker, in ms. */
  get now(): number {
    return this.#ticker.now();
  }

  /** The time up to which timers were fired, in ms: behind `now` for a while after a halt. */
  get firedAt(): number {
    return this.#firedAt;
  }

  advance(now: number): void {
    this.#firedAt = now;
    this.#wheel.advance(now, this.#fire);
  }

  /** Lets `entry` fire at `at`, instead of when it was to fire before. */
  schedule(entry: Entry, at: number): void {
    this.#wheel.schedule(entry, at);
    this.#ticker.wake();
  }

  /** Lets `entry` not fire. */
  cancel(entry: Entry): void {
    this.#wheel.cancel(entry);
  }
}
