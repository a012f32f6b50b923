import { Recent } from './recent.ts';

/** What is done with a request. A refusal is worth an answer, where that cannot be sent to somebody else. */
export type RateVerdict = 'serve' | 'refuse' | 'drop';

/** Rate and burst of one source. */
export interface SourceRate {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  /** When tokens were last added, in ms. */
  at: number;
  /** When a refusal was last worth an answer, in ms. */
  refusedAt: number;
}

/** Sources that are remembered: who is forgotten begins again with a full bucket. */
const SOURCES = 10_000;
/** A source over its rate is answered ten times a second at most: answers cost as much as requests. */
const REFUSAL_GAP_MS = 100;

/** A token bucket for each source. */
export class SourceRates {
  readonly #rate: SourceRate;
  readonly #buckets = new Recent<Bucket>(SOURCES);

  constructor(rate: SourceRate) {
    this.#rate = rate;
  }

  /** Takes one token of `source` at `now`, ms of a clock that never goes back. */
  take(source: string, now: number): RateVerdict {
    const { perSecond, burst } = this.#rate;
    const bucket = this.#buckets.get(source) ?? this.#full(source, now);
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * perSecond) / 1000);
    bucket.at = now;
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return 'serve';
    }
    if (now - bucket.refusedAt < REFUSAL_GAP_MS) return 'drop';
    bucket.refusedAt = now;
    return 'refuse';
  }

  /** Sources that are remembered now. */
  get size(): number {
    return this.#buckets.size;
  }

  #full(source: string, now: number): Bucket {
    const bucket = { tokens: this.#rate.burst, at: now, refusedAt: Number.NEGATIVE_INFINITY };
    this.#buckets.set(source, bucket);
    return bucket;
  }
}
