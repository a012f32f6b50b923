import { randomBytes, randomInt } from 'node:crypto';
import { Fault } from '../../errors.ts';
import type { SaveResult } from '../../ports/callflows.ts';
import { byName } from '../by-name.ts';
import { demandNextRev } from '../document-rev.ts';
import { type Documents, readDocument, writeDocument } from '../document-text.ts';
import type { StoreLog } from '../store-log.ts';
import type { Connection } from './connection.ts';
import { scripts } from './scripts.ts';

export interface DocumentTableOptions<K> {
  readonly kind: K;
  /** The key of the hash that has the documents of a realm. */
  readonly hash: (realm: string) => string;
  /** The key of the stamp that each save of the realm changes; absent: none does. */
  readonly stamp?: (realm: string) => string;
}

/** Callflows, seats or lists in a hash for each realm: id to `<rev> <write id> <JSON>`. */
export class DocumentTable<K extends 'callflow' | 'seat' | 'list'> {
  readonly #connection: Connection;
  readonly #log: StoreLog;
  readonly #kind: K;
  readonly #hash: (realm: string) => string;
  readonly #stamp: ((realm: string) => string) | null;

  constructor(connection: Connection, log: StoreLog, { kind, hash, stamp }: DocumentTableOptions<K>) {
    this.#connection = connection;
    this.#log = log;
    this.#kind = kind;
    this.#hash = hash;
    this.#stamp = stamp ?? null;
  }

  /** Every document of a realm by name. One that cannot be read is told and left out. */
  async all(realm: string): Promise<readonly Documents[K][]> {
    const values = await this.#connection.guard(this.#connection.client.hgetall(this.#hash(realm)));
    const documents = Object.entries(values).flatMap(([id, value]) => this.#known(id, value) ?? []);
    return documents.toSorted(byName);
  }

  /** One document, null for none. STORE_CORRUPT when it cannot be read. */
  async one(realm: string, id: string): Promise<Documents[K] | null> {
    const value = await this.#connection.guard(this.#connection.client.hget(this.#hash(realm), id));
    if (value === null) return null;
    const document = this.#read(value);
    if (document !== null) return document;
    throw new Fault('STORE_CORRUPT', this.#unreadable(id));
  }

  /** Stores a document; see the port. */
  async save(document: Documents[K], expectedRev: number): Promise<SaveResult> {
    demandNextRev(document, expectedRev);
    const { id, realm, rev } = document;
    const keys = [this.#hash(realm), ...(this.#stamp === null ? [] : [this.#stamp(realm)])];
    const mark = `${rev} ${randomBytes(9).toString('base64url')} `;
    const args = [id, expectedRev, mark, writeDocument(document), newStamp()];
    // The script's head says what it returns.
    return (await this.#connection.script(scripts.documentSave, keys, args)) as SaveResult;
  }

  /** Removes a document and the keys that go with it; see the port. Only for a table with stamps. */
  async remove(realm: string, id: string, how: RemoveOptions): Promise<SaveResult> {
    const stamps = this.#stamp === null ? [] : [this.#stamp(realm)];
    const keys = [this.#hash(realm), ...stamps, ...(how.also ?? [])];
    const args = [id, how.expectedRev, newStamp()];
    // The script's head says what it returns.
    return (await this.#connection.script(scripts.documentRemove, keys, args)) as SaveResult;
  }

  #known(id: string, value: string): Documents[K] | null {
    const document = this.#read(value);
    if (document === null) this.#log.warn(this.#unreadable(id));
    return document;
  }

  #read(value: string): Documents[K] | null {
    return readDocument(this.#kind, value.slice(value.indexOf('{')));
  }

  #unreadable(id: string): string {
    return `Cannot read ${this.#kind} "${id}": its value is not one of this version`;
  }
}

/** How a document is removed. */
export interface RemoveOptions {
  /** The rev that must be stored. */
  readonly expectedRev: number;
  /** Keys that are removed with it. */
  readonly also?: readonly string[];
}

/** A stamp that was never there: counting would give the same one twice after data was lost in a failover. */
function newStamp(): number {
  return randomInt(1, 2 ** 48 - 1);
}
