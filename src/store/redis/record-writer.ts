import { Fault } from '../../errors.ts';
import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import { splitRecord } from '../record-parts.ts';
import { BLANK_BOARD_MS, lifetimeOf } from '../retention.ts';
import { batches } from './batches.ts';
import type { Argument, Connection } from './connection.ts';
import { Gathered } from './gathered.ts';
import { bucketOfId, type Keys } from './keys.ts';
import type { OwnedIndex } from './owned-index.ts';
import { scripts } from './scripts.ts';
import type { WatchedIndex } from './watched-index.ts';

/** One write of a record. */
interface RecordWrite {
  readonly operation: 'create' | 'update' | 'remove';
  readonly record: SubscriptionRecord;
  /** For update and remove: the epoch that must be stored. */
  readonly epoch: number;
}

/** A write with the keys that it touches. */
interface KeyedWrite extends RecordWrite {
  readonly keys: NonNullable<ReturnType<Keys['ofSubscription']>>;
}

/** What subscription-write.lua gives for it. */
type Reply = string | null;

/** The indexes that are written with records: hints, on other nodes of a Cluster. */
interface Indexes {
  readonly owned: OwnedIndex;
  readonly watched: WatchedIndex;
}

/** Writes records with their hints: those of one turn of the event loop together, in the order in which they came. */
export class RecordWriter {
  readonly #connection: Connection;
  readonly #keys: Keys;
  readonly #indexes: Indexes;
  readonly #gathered = new Gathered((writes: readonly KeyedWrite[]) => this.#writeAll(writes));

  constructor(connection: Connection, keys: Keys, indexes: Indexes) {
    this.#connection = connection;
    this.#keys = keys;
    this.#indexes = indexes;
  }

  /** Gives what subscription-write.lua gives for this write. Rejects with INTERNAL for an id of another bucket. */
  async write(write: RecordWrite): Promise<Reply> {
    const { id, resource } = write.record;
    const keys = this.#keys.ofSubscription(id, resource);
    if (keys === null) {
      throw new Fault(
        'INTERNAL',
        `Cannot store subscription "${id}": it is not in the bucket of its resource`,
      );
    }
    return this.#gathered.add({ ...write, keys });
  }

  /** Sends what waits for the end of the turn. */
  flush(): void {
    this.#gathered.flush();
  }

  /** Hints come before the records, which are never without them: one server keeps the order by itself. */
  async #writeAll(writes: readonly KeyedWrite[]): Promise<readonly Reply[]> {
    const kept = writes.filter(({ operation }) => operation !== 'remove');
    if (this.#connection.cluster !== null) await Promise.all(this.#note(kept));
    const [replies] = await this.#connection.together(() => {
      const noted = this.#connection.cluster === null ? this.#note(kept) : [];
      return Promise.all([this.#writeRecords(writes), ...noted]);
    });
    await this.#forget(writes.filter((write, at) => write.operation === 'remove' && replies[at] !== 'stale'));
    return replies;
  }

  #note(writes: readonly RecordWrite[]): readonly Promise<void>[] {
    if (writes.length === 0) return [];
    const { owned, watched } = this.#indexes;
    const records = writes.map(({ record }) => record);
    const byUser = Map.groupBy(records, ({ resource }) => resource.user);
    const news = new Set(writes.flatMap(({ operation, record }) => (operation === 'create' ? record : [])));
    const stampOf = (some: readonly SubscriptionRecord[]) => some.find((one) => news.has(one))?.id ?? '';
    return [
      ...Map.groupBy(records, ({ owner }) => owner)
        .entries()
        .map(([owner, some]) => owned.add(owner, some)),
      ...Map.groupBy(records, ({ resource }) => resource.realm)
        .entries()
        .map(([realm, some]) => watched.add(realm, some, stampOf(some))),
      ...(this.#connection.cluster === null ? [records] : byUser.values()).map((some) =>
        watched.addRealms(some),
      ),
    ];
  }

  async #writeRecords(writes: readonly KeyedWrite[]): Promise<readonly Reply[]> {
    const buckets = writes.map(({ record }) => bucketOfId(record.id) ?? 0);
    const groups = batches(buckets, this.#connection.cluster !== null);
    const replies: Reply[] = [];
    await Promise.all(
      groups.map(async (positions) => {
        const group = positions.flatMap((position) => writes[position] ?? []);
        const answers = await this.#writeGroup(group);
        for (const [index, position] of positions.entries()) replies[position] = answers[index] ?? null;
      }),
    );
    return replies;
  }

  async #writeGroup(writes: readonly KeyedWrite[]): Promise<readonly Reply[]> {
    const keys: string[] = [];
    const args: Argument[] = [BLANK_BOARD_MS];
    for (const write of writes) {
      keys.push(...write.keys);
      pushArguments(args, write);
    }
    // The script's head says what it returns.
    return (await this.#connection.script(scripts.subscriptionWrite, keys, args)) as Reply[];
  }

  async #forget(writes: readonly RecordWrite[]): Promise<void> {
    if (writes.length === 0) return;
    const byOwner = Map.groupBy(writes, ({ record }) => record.owner);
    await Promise.all(
      [...byOwner].map(([owner, some]) =>
        this.#indexes.owned.remove(
          owner,
          some.map(({ record }) => record.id),
        ),
      ),
    );
  }
}

function pushArguments(args: Argument[], { operation, record, epoch }: RecordWrite): void {
  args.push(operation, record.id, epoch);
  if (operation === 'remove') {
    args.push('', '', '', '', '', '', '', '');
    return;
  }
  const { fixed, acked, cseqCeiling, versionCeiling, owner, epoch: own, expiresAt } = splitRecord(record);
  args.push(expiresAt, lifetimeOf(expiresAt), fixed, acked, cseqCeiling, versionCeiling, owner, own);
}
