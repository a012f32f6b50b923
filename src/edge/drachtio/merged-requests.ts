/** ms: how long a transaction lives (64*T1), and so how late a second copy may come. */
const LIFETIME_MS = 32_000;

/** Recent requests without a To tag, to tell a second copy that came another way (RFC 3261 §8.2.2.2). */
export class MergedRequests {
  readonly #seen = new Map<string, number>();

  /** True if the same request was seen in the last 32 s; otherwise it is noted. `key`: Call-ID, From tag, CSeq. */
  isCopy(key: string, now: number): boolean {
    this.#forget(now);
    if (this.#seen.has(key)) return true;
    this.#seen.set(key, now + LIFETIME_MS);
    return false;
  }

  #forget(now: number): void {
    for (const [key, until] of this.#seen) {
      if (until > now) break;
      this.#seen.delete(key);
    }
  }
}
