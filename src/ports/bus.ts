import type { Board } from '../presence/board.ts';

export interface BusHandlers {
  /** A board that was stored by any node, this one too; in the order of storing for each board. */
  changed(board: Board): void;
  /**
   * Announcements of these buckets may have been lost: compare with the table. Null: of all buckets, and the store may
   * have lost what it had, records of subscriptions too.
   */
  missed(buckets: ReadonlySet<number> | null): void;
}

/** Announcements of changed boards. May lose some, and then says so through `missed` within 5 s. */
export interface Bus {
  start(handlers: BusHandlers): Promise<void>;
  /** Hears the boards of a bucket from when the promise resolves. Counted: as many `ignore` calls end it. */
  listen(bucket: number): Promise<void>;
  ignore(bucket: number): void;
}
