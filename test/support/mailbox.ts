/** A queue that a test waits on. */
export class Mailbox<T> {
  /** Everything that has ever come, in order. */
  readonly all: T[] = [];
  readonly #name: string;
  #taken = 0;
  #waiting: (() => void)[] = [];

  /** `name` says in a failed wait what did not come. */
  constructor(name: string) {
    this.#name = name;
  }

  push(item: T): void {
    this.all.push(item);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** The next item that was not taken yet; rejects when none comes within `ms`. */
  async next(ms = 20_000): Promise<T> {
    const end = performance.now() + ms;
    while (this.#taken >= this.all.length) await this.#wait(end - performance.now());
    const item = this.all[this.#taken] as T;
    this.#taken += 1;
    return item;
  }

  /** The first item, of the next ones, for which `matches` is true. */
  async until(matches: (item: T) => boolean, ms = 20_000): Promise<T> {
    const end = performance.now() + ms;
    for (;;) {
      const item = await this.next(Math.max(end - performance.now(), 1));
      if (matches(item)) return item;
    }
  }

  /** Resolves after `ms` in which nothing came; rejects if something did, or lies here untaken. */
  async silent(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    const unexpected = this.all.length - this.#taken;
    if (unexpected > 0) throw new Error(`Expected no ${this.#name}, but ${unexpected} came`);
  }

  #wait(ms: number): Promise<void> {
    if (ms <= 0) return Promise.reject(new Error(`No ${this.#name} came in time`));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`No ${this.#name} came in time`)), ms);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
