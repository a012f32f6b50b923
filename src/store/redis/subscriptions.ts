import type {
  Checkpoint,
  SubscriptionRecord,
  Subscriptions,
  WatchedAsk,
  WatchedPage,
  WriteResult,
} from '../../ports/subscriptions.ts';
import type { Board } from '../../presence/board.ts';
import type { Resource } from '../../presence/resource.ts';
import { EXPIRED_RECORD_MS } from '../retention.ts';
import type { StoreLog } from '../store-log.ts';
import { boardOf } from './board-value.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';
import { OwnedIndex } from './owned-index.ts';
import { ProgressWriter } from './progress-writer.ts';
import { RecordReader } from './record-reader.ts';
import { RecordWriter } from './record-writer.ts';
import { WatchedIndex } from './watched-index.ts';

/** Subscriptions in Redis; see the port for what each method gives. */
export class RedisSubscriptions implements Subscriptions {
  readonly #connection: Connection;
  readonly #keys: Keys;
  readonly #records: RecordReader;
  readonly #owned: OwnedIndex;
  readonly #watched: WatchedIndex;
  readonly #writer: RecordWriter;
  readonly #progress: ProgressWriter;

  constructor(connection: Connection, keys: Keys, log: StoreLog) {
    this.#connection = connection;
    this.#keys = keys;
    this.#records = new RecordReader(connection, keys, log);
    this.#owned = new OwnedIndex(connection, keys, this.#records);
    this.#watched = new WatchedIndex(connection, keys);
    this.#writer = new RecordWriter(connection, keys, { owned: this.#owned, watched: this.#watched });
    this.#progress = new ProgressWriter(connection, keys);
  }

  async create(record: SubscriptionRecord): Promise<Board | null> {
    const board = await this.#writer.write({ operation: 'create', record, epoch: record.epoch });
    return boardOf(board, record.resource);
  }

  find(id: string): Promise<SubscriptionRecord | null> {
    return this.#records.one(id);
  }

  async update(record: SubscriptionRecord, expectedEpoch: number): Promise<WriteResult> {
    // The script's head says what it returns; so below.
    const result = await this.#writer.write({ operation: 'update', record, epoch: expectedEpoch });
    return result as WriteResult;
  }

  async remove(record: SubscriptionRecord): Promise<WriteResult> {
    return (await this.#writer.write({ operation: 'remove', record, epoch: record.epoch })) as WriteResult;
  }

  /** Sends what was not sent yet. */
  flush(): void {
    this.#writer.flush();
  }

  checkpoint(points: readonly Checkpoint[]): Promise<readonly string[]> {
    this.flush();
    return this.#progress.write(points);
  }

  async watchers(resource: Resource, now: number): Promise<readonly SubscriptionRecord[]> {
    const { client } = this.#connection;
    const key = this.#keys.subscriptions(resource);
    const ids = await this.#connection.guard(client.zrangebyscore(key, `(${now}`, '+inf'));
    const records = await this.#records.many(ids);
    return records.toSorted((one, other) => one.createdAt - other.createdAt);
  }

  async count(resource: Resource, now: number): Promise<number> {
    const { client } = this.#connection;
    const key = this.#keys.subscriptions(resource);
    const [, count] = await this.#connection.guard(
      this.#connection.together(() =>
        // Entries of records that nobody removed; later than they expire, for the clocks of nodes differ.
        Promise.all([
          client.zremrangebyscore(key, '-inf', now - EXPIRED_RECORD_MS),
          client.zcount(key, `(${now}`, '+inf'),
        ]),
      ),
    );
    return count;
  }

  async realmsWatching(user: string, now: number): Promise<readonly string[]> {
    const { client } = this.#connection;
    const key = this.#keys.realms(user);
    const [, realms] = await this.#connection.guard(
      Promise.all([
        client.zremrangebyscore(key, '-inf', now - EXPIRED_RECORD_MS),
        client.zrangebyscore(key, `(${now}`, '+inf'),
      ]),
    );
    const counts = await Promise.all(realms.map((realm) => this.count({ realm, user }, now)));
    return realms.filter((_, index) => (counts[index] ?? 0) > 0);
  }

  watched(realm: string, ask: WatchedAsk): Promise<WatchedPage> {
    return this.#watched.page(realm, ask);
  }

  watchStamp(realm: string): Promise<string> {
    return this.#watched.stamp(realm);
  }

  owned(node: string): AsyncIterable<readonly SubscriptionRecord[]> {
    return this.#owned.pages(node);
  }
}
