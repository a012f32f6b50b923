import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Fault } from '../../errors.ts';
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
import { writeMark } from '../record-parts.ts';
import type { EmbeddedBoards } from './boards.ts';
import type { GroupCommit } from './group-commit.ts';
import { COLUMNS, recordOf, rowOf } from './record-row.ts';

/** Records that are read in one step. */
const PAGE = 500;

/** Subscriptions in the database; see the port for what each method gives. */
export class EmbeddedSubscriptions implements Subscriptions {
  readonly #group: GroupCommit;
  readonly #boards: EmbeddedBoards;
  readonly #statements: ReturnType<typeof prepare>;
  /** Subscriptions created in this process, of all realms: the database is no other's. */
  #created = 0;

  constructor(database: DatabaseSync, group: GroupCommit, boards: EmbeddedBoards) {
    this.#group = group;
    this.#boards = boards;
    this.#statements = prepare(database);
  }

  create(record: SubscriptionRecord): Promise<Board | null> {
    return this.#group.run(() => {
      const board = this.#boards.read(record.resource);
      this.#statements.replace.run(...rowOf(record, Date.now()));
      this.#created += 1;
      return board;
    });
  }

  async find(id: string): Promise<SubscriptionRecord | null> {
    const row = this.#group.read(() => this.#statements.find.get(id));
    if (row === undefined) return null;
    const record = recordOf(row);
    if (record !== null) return record;
    throw new Fault(
      'STORE_CORRUPT',
      `Cannot read subscription "${id}": its value is not one of this version`,
    );
  }

  update(record: SubscriptionRecord, expectedEpoch: number): Promise<WriteResult> {
    return this.#fenced(record.id, expectedEpoch, () => {
      this.#statements.replace.run(...rowOf(record, Date.now()));
    });
  }

  remove(record: SubscriptionRecord): Promise<WriteResult> {
    return this.#fenced(record.id, record.epoch, () => {
      this.#statements.remove.run(record.id);
    });
  }

  checkpoint(points: readonly Checkpoint[]): Promise<readonly string[]> {
    return this.#group.run(() => points.filter((point) => !this.#write(point)).map((point) => point.id));
  }

  async watchers({ realm, user }: Resource, now: number): Promise<readonly SubscriptionRecord[]> {
    const rows = this.#group.read(() => this.#statements.watchers.all(user, realm, now));
    return rows.map(recordOf).filter((record) => record !== null);
  }

  async count({ realm, user }: Resource, now: number): Promise<number> {
    return Number(this.#group.read(() => this.#statements.count.get(user, realm, now))?.live);
  }

  async realmsWatching(user: string, now: number): Promise<readonly string[]> {
    return this.#group.read(() => this.#statements.realms.all(user, now)).map((row) => String(row.realm));
  }

  async watched(realm: string, { after, limit, now }: WatchedAsk): Promise<WatchedPage> {
    // One more than asked for tells whether there is a next page.
    const rows = this.#group.read(() => this.#statements.watched.all(realm, after ?? '', now, limit + 1));
    const users = rows.slice(0, limit).map((row) => String(row.user));
    return { users, next: rows.length > limit ? (users.at(-1) ?? null) : null };
  }

  async watchStamp(): Promise<string> {
    return String(this.#created);
  }

  async *owned(node: string): AsyncGenerator<readonly SubscriptionRecord[]> {
    let after = '';
    for (;;) {
      const rows = this.#group.read(() => this.#statements.owned.all(node, after, PAGE));
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map(recordOf).filter((record) => record !== null);
      after = String(last.id);
    }
  }

  #fenced(id: string, epoch: number, write: () => void): Promise<WriteResult> {
    return this.#group.run(() => {
      const stored = this.#statements.epoch.get(id);
      if (stored === undefined) return 'gone';
      if (stored.epoch !== epoch) return 'stale';
      write();
      return 'ok';
    });
  }

  /** False if the record is gone or another owner's. */
  #write({ id, epoch, acked, cseqCeiling, versionCeiling }: Checkpoint): boolean {
    const mark = writeMark(acked);
    return this.#statements.checkpoint.run(mark, cseqCeiling, versionCeiling, id, epoch).changes === 1;
  }
}

/** The statements of the table. */
function prepare(database: DatabaseSync): Record<Name, StatementSync> {
  const live = 'WHERE user = ? AND realm = ? AND expires_at > ?';
  return {
    find: database.prepare('SELECT * FROM subscriptions WHERE id = ?'),
    epoch: database.prepare('SELECT epoch FROM subscriptions WHERE id = ?'),
    replace: database.prepare(
      `INSERT OR REPLACE INTO subscriptions (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
    ),
    remove: database.prepare('DELETE FROM subscriptions WHERE id = ?'),
    // Ceilings never go back.
    checkpoint: database.prepare(
      `UPDATE subscriptions SET acked = ?, cseq_ceiling = max(cseq_ceiling, ?),
         version_ceiling = max(version_ceiling, ?) WHERE id = ? AND epoch = ?`,
    ),
    watchers: database.prepare(`SELECT * FROM subscriptions ${live} ORDER BY created_at, id`),
    count: database.prepare(`SELECT count(*) AS live FROM subscriptions ${live}`),
    realms: database.prepare('SELECT DISTINCT realm FROM subscriptions WHERE user = ? AND expires_at > ?'),
    watched: database.prepare(
      `SELECT DISTINCT user FROM subscriptions WHERE realm = ? AND user > ? AND expires_at > ?
         ORDER BY user LIMIT ?`,
    ),
    owned: database.prepare('SELECT * FROM subscriptions WHERE owner = ? AND id > ? ORDER BY id LIMIT ?'),
  };
}

type Name =
  | 'find'
  | 'epoch'
  | 'replace'
  | 'remove'
  | 'checkpoint'
  | 'watchers'
  | 'count'
  | 'realms'
  | 'watched'
  | 'owned';
