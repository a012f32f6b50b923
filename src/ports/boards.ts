import type { Board } from '../presence/board.ts';
import type { Resource } from '../presence/resource.ts';

/** Decides the next board from the stored one (null: none). Returning the argument itself means no change. Pure: it may be called again. */
export type Decide = (current: Board | null) => Board | null;

export interface BoardChange {
  readonly board: Board | null;
  readonly changed: boolean;
}

export interface BoardPage {
  /** Sorted by user part (by UTF-8 octets). Boards that are blank may be missing. */
  readonly boards: readonly Board[];
  /** Pass it as `after` for the next page; null at the end. */
  readonly next: string | null;
}

/** The table of boards. STORE_AWAY rejects a promise when the store cannot be reached or written. */
export interface Boards {
  get(resource: Resource): Promise<Board | null>;
  /** The boards of many resources, in their order, in one round trip per bucket at most. */
  getMany(resources: readonly Resource[]): Promise<readonly (Board | null)[]>;
  /**
   * One atomic read-modify-write. If `decide` gives a new board it is stored, its deadline indexed and the board
   * announced on the bus in the same step, durable when the promise resolves. STORE_CONTENDED after many losses.
   */
  change(resource: Resource, decide: Decide): Promise<BoardChange>;
  /** Boards of a realm in pages of `limit`, from the first user part greater than `after`. */
  list(realm: string, after: string | null, limit: number): Promise<BoardPage>;
  /**
   * Resources whose deadline has passed, at most `limit`. They stay listed until a change moves the deadline. A call
   * may look at a part of them: at a call every 250 ms none is overlooked for longer than 3 s.
   */
  due(now: number, limit: number): Promise<readonly Resource[]>;
}
