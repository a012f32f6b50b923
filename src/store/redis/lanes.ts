/** Keeps work on the same key in order, one at a time: what one node changes, it does not fight over with itself. */
export class Lanes {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `work` after all earlier work on `key`, whatever became of that. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = before === undefined ? work() : before.then(work, work);
    this.#last.set(key, mine);
    const leave = () => {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    };
    mine.then(leave, leave);
    return mine;
  }
}
