/** How long copies of a datagram may come, in ms: 64*T1 (RFC 3261 §17.1.2.2, Timer F). */
const COPIES_MS = 32_000;
/** Remembered at most, in each of two generations: about 30 MB. */
const MOST = 100_000;

/**
 * Requests that were refused without keeping anything else of them. A copy that was under way when its request was
 * refused must be refused, too: its client has ended, and would know nothing of a subscription.
 */
export class Refusals {
  #young = new Set<string>();
  #old = new Set<string>();
  #bornAt = 0;

  /** True for a copy of what was refused. `now`: ms that never go back. */
  has(key: string, now: number): boolean {
    if (now - this.#bornAt >= COPIES_MS) this.#age(now);
    return this.#young.has(key) || this.#old.has(key);
  }

  add(key: string, now: number): void {
    if (now - this.#bornAt >= COPIES_MS || this.#young.size >= MOST) this.#age(now);
    this.#young.add(key);
  }

  /** True when there is nothing to look for. */
  get empty(): boolean {
    return this.#young.size === 0 && this.#old.size === 0;
  }

  #age(now: number): void {
    this.#old = this.#young;
    this.#young = new Set();
    this.#bornAt = now;
  }
}
