/** Something with timers in it. */
export interface Ticking {
  /** How many timers run. */
  readonly pending: number;
  /** Fires what is due. */
  advance(now: number): void;
}

/** What drives timers. */
export interface Ticks {
  /** Resolution of every timer, in ms. */
  readonly tickMs: number;
  /** ms of a clock that never goes back. */
  now(): number;
  /** Lets `member` be advanced with every tick. */
  add(member: Ticking): void;
  /** To be called after a timer was set. */
  wake(): void;
}

/**
 * How much is made up for at once: so many ticks, or this part of what is missing if that is more. After a halt of this
 * process (SIGSTOP, a long turn) answers wait in the kernel: the timers that they cancel come after them, or everything
 * in flight would be sent again. The part lets a process that is slow for long, each turn longer than its ticks, keep up.
 */
const MOST_TICKS = 2;
const MOST_OF_LAG = 1 / 16;

/** The one timer of the edge: it ticks for every transaction, and not at all while none waits. */
export class Ticker implements Ticks {
  readonly tickMs: number;
  readonly #members: Ticking[] = [];
  #interval: NodeJS.Timeout | null = null;
  /** The time that the members have been told; behind `now` for a while after a halt. */
  #told = 0;
  #stopped = false;

  constructor(tickMs: number) {
    this.tickMs = tickMs;
  }

  now(): number {
    return performance.now();
  }

  add(member: Ticking): void {
    this.#members.push(member);
  }

  wake(): void {
    if (this.#interval !== null || this.#stopped) return;
    this.#told = this.now();
    this.#interval = setInterval(() => this.#tick(), this.tickMs);
  }

  /** Fires no more timers. */
  stop(): void {
    this.#stopped = true;
    this.#sleep();
  }

  #tick(): void {
    let pending = 0;
    const now = this.now();
    const step = Math.max(MOST_TICKS * this.tickMs, (now - this.#told) * MOST_OF_LAG);
    this.#told = Math.min(now, this.#told + step);
    for (const member of this.#members) {
      member.advance(this.#told);
      pending += member.pending;
    }
    if (pending === 0) this.#sleep();
  }

  #sleep(): void {
    if (this.#interval !== null) clearInterval(this.#interval);
    this.#interval = null;
  }
}
