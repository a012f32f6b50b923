/** What a message's number says about the messages before it; `back`: numbers begin again, Redis has lost data. */
export type Heard = 'next' | 'late' | 'gap' | 'back';

/** Follows the numbers of one bucket's announcements, to notice what was not heard. */
export class HeardBucket {
  /** The number of the newest announcement that is accounted for; null before the first. */
  #seen: number | null = null;
  /** Announcements up to this were made before the counter was read: they may still come in, or not. */
  #floor = 0;

  get seen(): number | null {
    return this.#seen;
  }

  /** Everything up to `stored` is accounted for. */
  begin(stored: number): void {
    this.#seen = stored;
    this.#floor = stored;
  }

  /** Nothing is known any more: the next message or comparison begins anew. */
  reset(): void {
    this.#seen = null;
  }

  /** Takes a message's number. */
  hear(seq: number): Heard {
    const seen = this.#seen;
    if (seen !== null && seen === this.#floor && seq <= seen) return 'late';
    this.#seen = seq;
    if (seen === null || seq === seen + 1) return 'next';
    return seq > seen ? 'gap' : 'back';
  }

  /**
   * Compares with the counter, which was read after `seen` was `before`. `behind`: messages are still to come,
   * or lost. `back`: the counter is lower than it was, Redis has lost data.
   */
  compare(stored: number, before: number | null): 'same' | 'behind' | 'back' {
    const seen = this.#seen;
    if (seen === null || before === null) {
      this.begin(Math.max(stored, seen ?? 0));
      return 'same';
    }
    if (stored < before) return 'back';
    return stored > seen ? 'behind' : 'same';
  }
}
