import { Fault } from '../../errors.ts';
import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import type { StoreLog } from '../store-log.ts';
import { batches } from './batches.ts';
import type { Connection } from './connection.ts';
import { bucketOfId, type Keys } from './keys.ts';
import { FIELDS, readFields } from './record-hash.ts';

/** Reads subscription records by their ids. */
export class RecordReader {
  readonly #connection: Connection;
  readonly #keys: Keys;
  readonly #log: StoreLog;

  constructor(connection: Connection, keys: Keys, log: StoreLog) {
    this.#connection = connection;
    this.#keys = keys;
    this.#log = log;
  }

  /** One record; null for an unknown or malformed id. STORE_CORRUPT when it cannot be read. */
  async one(id: string): Promise<SubscriptionRecord | null> {
    const key = this.#keys.record(id);
    if (key === null) return null;
    const record = readFields(await this.#connection.guard(this.#connection.client.hmget(key, ...FIELDS)));
    if (record !== 'corrupt') return record;
    throw new Fault(
      'STORE_CORRUPT',
      `Cannot read subscription "${id}": its value is not one of this version`,
    );
  }

  /** The records that there are, in the order of their ids. One that cannot be read is told and left out. */
  async many(ids: readonly string[]): Promise<readonly SubscriptionRecord[]> {
    const buckets = ids.map((id) => bucketOfId(id) ?? 0);
    const found: (SubscriptionRecord | null)[] = ids.map(() => null);
    const groups = batches(buckets, this.#connection.cluster !== null);
    await Promise.all(groups.map((positions) => this.#fill(found, ids, positions)));
    return found.filter((record) => record !== null);
  }

  async #fill(
    found: (SubscriptionRecord | null)[],
    ids: readonly string[],
    positions: readonly number[],
  ): Promise<void> {
    const pipeline = this.#connection.client.pipeline();
    const asked = positions.filter((position) => this.#keys.record(ids[position] ?? '') !== null);
    for (const position of asked) pipeline.hmget(this.#keys.record(ids[position] ?? '') ?? '', ...FIELDS);
    const replies = (await this.#connection.guard(pipeline.exec())) ?? [];
    for (const [index, position] of asked.entries()) {
      const [error, values] = replies[index] ?? [null, []];
      if (error) throw this.#connection.fault(error);
      // HMGET gives one value or null for each field.
      found[position] = this.#known(ids[position] ?? '', readFields(values as (string | null)[]));
    }
  }

  #known(id: string, record: SubscriptionRecord | 'corrupt' | null): SubscriptionRecord | null {
    if (record !== 'corrupt') return record;
    this.#log.warn(`Cannot read subscription "${id}": its value is not one of this version`);
    return null;
  }
}
