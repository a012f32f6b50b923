import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RunRecord } from '../../callflow/run.ts';
import { readDocument, writeDocument } from '../document-text.ts';
import { KEPT_RUNS } from '../retention.ts';

/** The records of the newest runs of each callflow. To be called within a read or a write of the group. */
export class RunLog {
  readonly #insert: StatementSync;
  readonly #trim: StatementSync;
  readonly #newest: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync) {
    const ofCallflow = 'WHERE realm = ? AND callflow = ?';
    const newest = `${ofCallflow} ORDER BY number DESC`;
    this.#insert = database.prepare(
      `INSERT INTO runs (realm, callflow, id, record, touched_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#trim = database.prepare(
      `DELETE FROM runs ${ofCallflow} AND number <= (SELECT number FROM runs ${newest} LIMIT 1 OFFSET ?)`,
    );
    this.#newest = database.prepare(`SELECT record FROM runs ${newest} LIMIT ?`);
    this.#delete = database.prepare(`DELETE FROM runs ${ofCallflow}`);
  }

  /** Keeps a record, and forgets the oldest; one that is there already stays as it is. */
  add(run: RunRecord): void {
    const { realm, callflowId, id } = run;
    this.#insert.run(realm, callflowId, id, writeDocument(run), Date.now());
    this.#trim.run(realm, callflowId, realm, callflowId, KEPT_RUNS);
  }

  /** At most `limit` records, newest first. One that cannot be read is left out. */
  newest(realm: string, callflowId: string, limit: number): readonly RunRecord[] {
    const rows = this.#newest.all(realm, callflowId, Math.max(limit, 0));
    return rows.flatMap((row) => readDocument('run', String(row.record)) ?? []);
  }

  /** Forgets all records of a callflow. */
  delete(realm: string, callflowId: string): void {
    this.#delete.run(realm, callflowId);
  }
}
