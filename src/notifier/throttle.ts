/** Sources and users that are remembered, each. */
const MOST = 10_000;
/** After this time without a failure, those of before are forgotten, in ms. */
const FORGET_MS = 600_000;
/** The first wait, in ms: doubled with each further failure, up to the longest. */
const FIRST_MS = 1_000;
const LONGEST_MS = 64_000;

/** How many failures are free: of one user at one source, of one source, of one user. */
const FREE = { pair: 3, source: 20, user: 50 } as const;

interface Failures {
  count: number;
  last: number;
  until: number;
}

/** Who tried. */
export interface Attempt {
  /** Numeric. */
  readonly address: string;
  /** `user@realm` */
  readonly user: string;
}

/**
 * Slows those who guess passwords: each failure beyond the free ones doubles the wait, for the user at that source, for
 * the source (an IPv6 one is its /64) and for the user. Who got in from there before is not kept waiting for others.
 */
export class Throttle {
  readonly #pairs = new Map<string, Failures>();
  readonly #sources = new Map<string, Failures>();
  readonly #users = new Map<string, Failures>();
  readonly #welcome = new Map<string, true>();

  /** How long nothing of this attempt is looked at, in ms; 0: it may go on. */
  waitMs(attempt: Attempt, now: number): number {
    const { pair, source, user } = keysOf(attempt);
    const own = leftOf(this.#pairs.get(pair), now);
    if (this.#welcome.has(pair)) return own;
    return Math.max(own, leftOf(this.#sources.get(source), now), leftOf(this.#users.get(user), now));
  }

  /** An attempt was wrong. True when this is what makes its source wait, for the first time. */
  failed(attempt: Attempt, now: number): boolean {
    const { pair, source, user } = keysOf(attempt);
    const ofPair = bump(this.#pairs, pair, { now, free: FREE.pair });
    const ofSource = bump(this.#sources, source, { now, free: FREE.source });
    bump(this.#users, user, { now, free: FREE.user });
    return ofPair.count === FREE.pair + 1 || ofSource.count === FREE.source + 1;
  }

  /** An attempt was right. */
  succeeded(attempt: Attempt): void {
    const { pair } = keysOf(attempt);
    this.#pairs.delete(pair);
    keep(this.#welcome, pair, true);
  }
}

function keysOf({ address, user }: Attempt): { pair: string; source: string; user: string } {
  const source = networkOf(address);
  return { pair: `${source} ${user}`, source, user };
}

/** An IPv4 address as it is; of an IPv6 one the first 64 bits, for whoever has one has them all. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [left = '', right] = address.split('::');
  const first = left.split(':').filter((group) => group !== '');
  const zeros = right === undefined ? 0 : 8 - first.length - right.split(':').length;
  const groups = [...first, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...(right ?? '').split(':')];
  return groups.slice(0, 4).join(':');
}

function leftOf(failures: Failures | undefined, now: number): number {
  return failures === undefined ? 0 : Math.max(failures.until - now, 0);
}

function bump(
  table: Map<string, Failures>,
  key: string,
  { now, free }: { readonly now: number; readonly free: number },
): Failures {
  const before = table.get(key);
  const recent = before !== undefined && now - before.last < FORGET_MS ? before.count : 0;
  const count = recent + 1;
  const wait = count > free ? Math.min(FIRST_MS * 2 ** (count - free - 1), LONGEST_MS) : 0;
  const failures = { count, last: now, until: now + wait };
  keep(table, key, failures);
  return failures;
}

/** Puts an entry behind all others; the first is always the one that was put longest ago. */
function keep<Value>(table: Map<string, Value>, key: string, value: Value): void {
  table.delete(key);
  const [oldest] = table.keys();
  if (table.size >= MOST && oldest !== undefined) table.delete(oldest);
  table.set(key, value);
}
