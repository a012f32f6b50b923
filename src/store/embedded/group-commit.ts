import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Fault } from '../../errors.ts';
import { isSqliteError, sqliteFault } from './sqlite-fault.ts';

/** One write of a group; `work` runs inside the transaction, then one of the others. */
interface Write {
  work(): void;
  committed(): void;
  failed(error: unknown): void;
}

/**
 * Writes to the database. The writes of one turn of the event loop share a transaction, so that they share its one
 * flush to the disk; their promises resolve after the commit.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  #waiting: Write[] = [];
  #ready = true;
  #closed = false;

  constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#rollback = database.prepare('ROLLBACK');
  }

  /** False after a group that could not be written. */
  get ready(): boolean {
    return this.#ready && !this.#closed;
  }

  /**
   * Runs `work` in the next transaction. If it throws, it must not have written anything, and only its own promise
   * rejects. `committed` is called after the commit, in the order of the writes.
   */
  run<T>(work: () => T, committed: (result: T) => void = () => undefined): Promise<T> {
    if (this.#closed) return Promise.reject(this.#fault(new Error('it is closed')));
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    let finish = (): void => undefined;
    this.#waiting.push({
      work: () => {
        const result = work();
        finish = () => {
          // Before the writer goes on, but by itself: a bug in there must not keep the rest of the group waiting.
          queueMicrotask(() => committed(result));
          resolve(result);
        };
      },
      committed: () => finish(),
      failed: reject,
    });
    if (this.#waiting.length === 1) setImmediate(() => this.flush());
    return promise;
  }

  /** The result of a read, or its fault. Reads see what is committed. */
  read<T>(read: () => T): T {
    if (this.#closed) throw this.#fault(new Error('it is closed'));
    try {
      return read();
    } catch (error) {
      throw isSqliteError(error) ? this.#fault(error) : error;
    }
  }

  /** Writes what waits, now. */
  flush(): void {
    const writes = this.#waiting;
    this.#waiting = [];
    if (writes.length === 0) return;
    const done = this.#transaction(writes);
    for (const write of done) write.committed();
  }

  /** Writes what waits and refuses all later work. */
  close(): void {
    this.flush();
    this.#closed = true;
  }

  /** The writes that are on the disk now; the others have been told. */
  #transaction(writes: readonly Write[]): readonly Write[] {
    try {
      this.#begin.run();
      const done = writes.filter((write) => this.#attempt(write));
      this.#commit.run();
      this.#ready = true;
      return done;
    } catch (error) {
      this.#ready = false;
      if (this.#database.isTransaction) this.#rollback.run();
      const fault = this.#fault(error);
      for (const write of writes) write.failed(fault);
      return [];
    }
  }

  /** False if the write was refused by itself; throws when the database failed, and with it the group. */
  #attempt(write: Write): boolean {
    try {
      write.work();
      return true;
    } catch (error) {
      if (isSqliteError(error)) throw error;
      write.failed(error);
      return false;
    }
  }

  #fault(error: unknown): Fault {
    return sqliteFault(error, this.#path);
  }
}
