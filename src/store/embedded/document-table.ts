import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Fault } from '../../errors.ts';
import type { SaveResult } from '../../ports/callflows.ts';
import { byName } from '../by-name.ts';
import { type Documents, readDocument, writeDocument } from '../document-text.ts';

const TABLES = { callflow: 'callflows', seat: 'seats', list: 'lists' } as const;

/** Callflows, seats or lists, each kind in a table of its own. To be called within a read or a write of the group. */
export class DocumentTable<K extends keyof typeof TABLES> {
  readonly #kind: K;
  readonly #all: StatementSync;
  readonly #one: StatementSync;
  readonly #rev: StatementSync;
  readonly #upsert: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync, kind: K) {
    const table = TABLES[kind];
    this.#kind = kind;
    this.#all = database.prepare(`SELECT document FROM ${table} WHERE realm = ?`);
    this.#one = database.prepare(`SELECT document FROM ${table} WHERE realm = ? AND id = ?`);
    this.#rev = database.prepare(`SELECT rev FROM ${table} WHERE realm = ? AND id = ?`);
    this.#upsert = database.prepare(
      `INSERT INTO ${table} (realm, id, rev, document) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET rev = excluded.rev, document = excluded.document`,
    );
    this.#delete = database.prepare(`DELETE FROM ${table} WHERE realm = ? AND id = ?`);
  }

  /** Every document of a realm by name. One that cannot be read is left out. */
  all(realm: string): readonly Documents[K][] {
    const rows = this.#all.all(realm);
    return rows.flatMap((row) => readDocument(this.#kind, String(row.document)) ?? []).toSorted(byName);
  }

  /** One document, null for none. STORE_CORRUPT when it cannot be read. */
  one(realm: string, id: string): Documents[K] | null {
    const row = this.#one.get(realm, id);
    if (row === undefined) return null;
    const document = readDocument(this.#kind, String(row.document));
    if (document !== null) return document;
    throw new Fault(
      'STORE_CORRUPT',
      `Cannot read ${this.#kind} "${id}": its value is not one of this version`,
    );
  }

  /** How a write that wants `expectedRev` would end; 0: there must be no such document. */
  judge(realm: string, id: string, expectedRev: number): SaveResult {
    const stored = this.#rev.get(realm, id);
    if (stored === undefined) return expectedRev === 0 ? 'ok' : 'gone';
    return stored.rev === expectedRev ? 'ok' : 'stale';
  }

  /** Stores a document, whatever is stored. */
  put(document: Documents[K]): void {
    const { realm, id, rev } = document;
    this.#upsert.run(realm, id, rev, writeDocument(document));
  }

  /** Removes a document, whatever its rev; false if there is none. */
  delete(realm: string, id: string): boolean {
    return this.#delete.run(realm, id).changes === 1;
  }
}
