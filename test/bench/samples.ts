import type { Spread } from './phase.ts';

/** Many durations, and where they lie. */
export class Samples {
  #values = new Float64Array(65_536);
  #count = 0;

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const more = new Float64Array(2 * this.#count);
      more.set(this.#values);
      this.#values = more;
    }
    this.#values[this.#count] = value;
    this.#count += 1;
  }

  /** Half, 99 of 100 and all of them do not take longer than this; 0 without samples. */
  spread(): Spread {
    const sorted = this.#values.subarray(0, this.#count).toSorted();
    const quantile = (part: number) => sorted[Math.min(this.#count - 1, Math.floor(part * this.#count))] ?? 0;
    return { p50: quantile(0.5), p99: quantile(0.99), most: quantile(1) };
  }

  clear(): void {
    this.#count = 0;
  }
}
