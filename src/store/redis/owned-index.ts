import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import { lifetimeOf } from '../retention.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';
import type { RecordReader } from './record-reader.ts';
import { scripts } from './scripts.ts';

/** Records that are read in one step. */
const PAGE = 500;

/**
 * Which records a node owns: a sorted set of ids. It is a hint, on another node of a Cluster than the records: it
 * is written before the record, so it may name too many, never too few.
 */
export class OwnedIndex {
  readonly #connection: Connection;
  readonly #keys: Keys;
  readonly #records: RecordReader;

  constructor(connection: Connection, keys: Keys, records: RecordReader) {
    this.#connection = connection;
    this.#keys = keys;
    this.#records = records;
  }

  /** Notes that a node owns records, at least one; the notes stay as long as the last of them can. */
  async add(node: string, records: readonly SubscriptionRecord[]): Promise<void> {
    const last = records.reduce((latest, { expiresAt }) => Math.max(latest, expiresAt), 0);
    const ids = records.map(({ id }) => id);
    await this.#connection.script(scripts.ownedAdd, [this.#keys.owned(node)], [lifetimeOf(last), ...ids]);
  }

  /** Takes notes out, at least one. */
  async remove(node: string, ids: readonly string[]): Promise<void> {
    await this.#connection.guard(this.#connection.client.zrem(this.#keys.owned(node), ...ids));
  }

  /** The records of a node in pages. What is not its own any more is taken out of the index on the way. */
  async *pages(node: string): AsyncGenerator<readonly SubscriptionRecord[]> {
    let after = '-';
    for (;;) {
      const ids = await this.#ids(node, after);
      if (ids.length === 0) return;
      const records = await this.#ownedOf(node, ids);
      const strangers = without(ids, records);
      const back = strangers.length === 0 ? [] : await this.#repair(node, strangers);
      if (records.length + back.length > 0) yield [...records, ...back];
      after = `(${ids.at(-1)}`;
    }
  }

  #ids(node: string, after: string): Promise<readonly string[]> {
    const { client } = this.#connection;
    return this.#connection.guard(client.zrangebylex(this.#keys.owned(node), after, '+', 'LIMIT', 0, PAGE));
  }

  async #ownedOf(node: string, ids: readonly string[]): Promise<readonly SubscriptionRecord[]> {
    return (await this.#records.many(ids)).filter((record) => record.owner === node);
  }

  /** Takes ids out, and puts those in again whose record was stored between our reading and our removing. */
  async #repair(node: string, ids: readonly string[]): Promise<readonly SubscriptionRecord[]> {
    await this.remove(node, ids);
    const back = await this.#ownedOf(node, ids);
    if (back.length > 0) await this.add(node, back);
    return back;
  }
}

function without(ids: readonly string[], records: readonly SubscriptionRecord[]): readonly string[] {
  const known = new Set(records.map((record) => record.id));
  return ids.filter((id) => !known.has(id));
}
