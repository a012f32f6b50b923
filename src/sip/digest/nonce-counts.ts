/** Which counts of one nonce were seen: the highest, and a bit for each of the 32 below it. */
interface Seen {
  readonly madeAt: number;
  highest: number;
  /** Bit n: `highest - n` was seen. */
  below: number;
}

const WINDOW = 32;

/**
 * Remembers which counts (nc) of which nonces were used, so that none is used twice (RFC 7616 §3.4.5). Requests may
 * overtake each other by 31. The memory is bounded: what it has forgotten counts as used.
 */
export class NonceCounts {
  readonly #most: number;
  readonly #seen = new Map<string, Seen>();
  /** Nonces made at this time or before, and not remembered, may have been used. */
  #unknownUntil: number;

  /** `now`: what was used before is not known. `most`: nonces that are remembered. */
  constructor(now: number, most: number) {
    this.#unknownUntil = now;
    this.#most = most;
  }

  /** True if this count of the nonce was certainly not used before; it is used now. */
  use(nonce: string, madeAt: number, count: number): boolean {
    const seen = this.#seen.get(nonce);
    if (seen !== undefined) return mark(seen, count);
    if (madeAt <= this.#unknownUntil) return false;
    if (this.#seen.size >= this.#most) this.#forgetOldest();
    this.#seen.set(nonce, { madeAt, highest: count, below: 1 });
    return true;
  }

  #forgetOldest(): void {
    for (const [nonce, { madeAt }] of this.#seen) {
      this.#seen.delete(nonce);
      this.#unknownUntil = Math.max(this.#unknownUntil, madeAt);
      return;
    }
  }
}

function mark(seen: Seen, count: number): boolean {
  if (count > seen.highest) {
    const by = count - seen.highest;
    seen.below = by >= WINDOW ? 1 : (seen.below << by) | 1;
    seen.highest = count;
    return true;
  }
  const back = seen.highest - count;
  const bit = 1 << back;
  if (back >= WINDOW || (seen.below & bit) !== 0) return false;
  seen.below |= bit;
  return true;
}
