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

  /** The value that the given part (0 to 1) of all samples does not exceed; 0 without samples. */
  quantile(part: number): number {
    const sorted = this.#values.subarray(0, this.#count).toSorted();
    return sorted[Math.min(this.#count - 1, Math.floor(part * this.#count))] ?? 0;
  }

  clear(): void {
    this.#count = 0;
  }
}
