import type { Clock } from '../../src/ports/clock.ts';

/** A clock that moves only when a test moves it. */
export class ManualClock implements Clock {
  #now: number;
  #tasks: { readonly at: number; readonly task: () => void }[] = [];

  constructor(now = 1_800_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): () => void {
    const entry = { at: this.#now + ms, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }

  /** Moves on by `ms` without doing what would have been due meanwhile: a machine that slept. */
  jump(ms: number): void {
    this.#now += ms;
  }

  /** Somebody puts the wall clock back by `ms`: tasks are as far away as before. */
  putBack(ms: number): void {
    this.#now -= ms;
    this.#tasks = this.#tasks.map(({ at, task }) => ({ at: at - ms, task }));
  }

  /** Drops every task, as a kill of the process does. */
  forget(): void {
    this.#tasks = [];
  }

  /** Moves on by `ms`, doing each task at its time; what promises it started is done in between. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settled();
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#tasks = this.#tasks.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.task();
      await settled();
    }
    this.#now = until;
  }

  #next(until: number) {
    return this.#tasks.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
  }
}

/** Lets everything that is ready to run do so: promises, and the grouped writes of the embedded store. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
