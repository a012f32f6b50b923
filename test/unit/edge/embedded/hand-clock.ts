import type { Ticking, Ticks } from '../../../../src/edge/embedded/ticker.ts';

/** Ticks that a test makes by hand. */
export class HandClock implements Ticks {
  readonly tickMs = 10;
  readonly #members: Ticking[] = [];
  #now = 1_000;

  now(): number {
    return this.#now;
  }

  add(member: Ticking): void {
    this.#members.push(member);
  }

  wake(): void {}

  /** Lets `ms` pass, tick by tick. */
  pass(ms: number): void {
    for (const end = this.#now + ms; this.#now < end; ) {
      this.#now += this.tickMs;
      for (const member of this.#members) member.advance(this.#now);
    }
  }

  /** Timers that run anywhere. */
  get pending(): number {
    return this.#members.reduce((sum, member) => sum + member.pending, 0);
  }
}
