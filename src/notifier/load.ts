import {
  CALM,
  type Load,
  type LoadLevel,
  type LoadLimits,
  type Overload,
  overloadStep,
  strainOf,
} from '../presence/overload.ts';

/** What the load is seen by. */
export interface LoadOptions {
  readonly limits: LoadLimits;
  /** How often `tick` should be called, in ms. */
  readonly tickMs: number;
  /** Time that goes on evenly, in ms. */
  steady(): number;
  /** Requests that wait or are being served, and messages that wait for the stack of the edge. */
  requests(): number;
  /** Phones that wait for their turn to be told of a change. */
  untold(): number;
  /** The level is another one now. */
  changed(level: LoadLevel, load: Load): void;
}

/** The weight of the newest tick in the lag. */
const NEWEST = 0.2;
/** One tick counts at most so many times the limit, so that a single halt, however long, is no overload. */
const MOST_LATE = 4;

/** Watches how late the event loop is and how much waits, and says what can be taken. */
export class LoadWatch {
  readonly #options: LoadOptions;
  #state: Overload = CALM;
  #strain = 0;
  #lagMs = 0;
  #dueAt: number;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#dueAt = options.steady() + options.tickMs;
  }

  get level(): LoadLevel {
    return this.#state.level;
  }

  /** The load as a multiple of the limits, when it was last looked at. */
  get strain(): number {
    return this.#strain;
  }

  /** Measures by its own lateness how late the event loop is. */
  tick(): void {
    const { limits, tickMs, steady } = this.#options;
    const now = steady();
    const late = Math.min(Math.max(now - this.#dueAt, 0), MOST_LATE * limits.lagMs);
    this.#lagMs += NEWEST * (late - this.#lagMs);
    this.#dueAt = now + tickMs;
    this.look();
  }

  /** Looks at what waits; called for each request that may be put off, so that a storm is seen at once. */
  look(): void {
    const { limits, steady, changed, requests, untold } = this.#options;
    const load = { lagMs: this.#lagMs, requests: requests(), untold: untold() };
    this.#strain = strainOf(load, limits);
    const before = this.#state;
    this.#state = overloadStep(before, this.#strain, steady());
    if (this.#state.level !== before.level) changed(this.#state.level, load);
  }
}
