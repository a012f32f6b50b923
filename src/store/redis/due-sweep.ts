import { BUCKETS, type Resource } from '../../presence/resource.ts';
import type { Connection } from './connection.ts';
import { decodeResource, type Keys } from './keys.ts';
import { scripts } from './scripts.ts';

/** Buckets that one call looks at: at a call every 250 ms all 4096 are seen within 3 s. */
const SLICE = Math.ceil(BUCKETS / 12);

/**
 * Looks for deadlines that have passed. Each bucket has an index of its own, so that it can change together with the
 * board; a call looks at the next slice of them, with one script on a single Redis (about 0.2 ms of its time), or
 * with one command a bucket on a Cluster.
 */
export class DueSweep {
  readonly #connection: Connection;
  readonly #keys: Keys;
  #next = 0;

  constructor(connection: Connection, keys: Keys) {
    this.#connection = connection;
    this.#keys = keys;
  }

  /** At most `limit` resources that are due in the next slice; one that was cut off is found in the next round. */
  async take(now: number, limit: number): Promise<readonly Resource[]> {
    const keys = Array.from({ length: SLICE }, (_, index) => this.#keys.due((this.#next + index) % BUCKETS));
    const { looked, members } = await (this.#connection.cluster === null
      ? this.#byScript(keys, now, limit)
      : this.#byCommands(keys, now, limit));
    this.#next = (this.#next + looked) % BUCKETS;
    return members.map(decodeResource).filter((resource) => resource !== null);
  }

  async #byScript(keys: readonly string[], now: number, limit: number): Promise<Slice> {
    // The script's head says what it returns.
    const [looked = 0, ...members] = (await this.#connection.script(scripts.dueSweep, keys, [
      now,
      limit,
    ])) as [number, ...string[]];
    return { looked, members };
  }

  async #byCommands(keys: readonly string[], now: number, limit: number): Promise<Slice> {
    const { client } = this.#connection;
    const lists = await this.#connection.guard(
      Promise.all(keys.map((key) => client.zrangebyscore(key, '-inf', now, 'LIMIT', 0, limit))),
    );
    const members: string[] = [];
    let looked = 0;
    while (looked < lists.length && members.length < limit) {
      members.push(...(lists[looked] ?? []).slice(0, limit - members.length));
      looked += 1;
    }
    return { looked, members };
  }
}

interface Slice {
  /** How many buckets were looked at, from the first. */
  readonly looked: number;
  readonly members: readonly string[];
}
