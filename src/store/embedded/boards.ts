import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Fault } from '../../errors.ts';
import type { BoardChange, BoardPage, Boards, Decide } from '../../ports/boards.ts';
import { type Board, boardDeadline, isBlank } from '../../presence/board.ts';
import { formatResource, type Resource } from '../../presence/resource.ts';
import { readBoard, writeBoard } from '../board-text.ts';
import type { EmbeddedBus } from './bus.ts';
import type { GroupCommit } from './group-commit.ts';

/** Boards in the database; see the port for what each method gives. */
export class EmbeddedBoards implements Boards {
  readonly #group: GroupCommit;
  readonly #bus: EmbeddedBus;
  readonly #select: StatementSync;
  readonly #upsert: StatementSync;
  readonly #page: StatementSync;
  readonly #due: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit, bus: EmbeddedBus) {
    this.#group = group;
    this.#bus = bus;
    this.#select = database.prepare('SELECT board FROM boards WHERE realm = ? AND user = ?');
    this.#upsert = database.prepare(
      `INSERT INTO boards (realm, user, board, blank, deadline, touched_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET board = excluded.board, blank = excluded.blank, deadline = excluded.deadline,
         touched_at = excluded.touched_at`,
    );
    this.#page = database.prepare(
      'SELECT board FROM boards WHERE realm = ? AND user > ? AND blank = 0 ORDER BY user LIMIT ?',
    );
    this.#due = database.prepare(
      'SELECT realm, user FROM boards WHERE deadline IS NOT NULL AND deadline <= ? ORDER BY deadline LIMIT ?',
    );
  }

  async get(resource: Resource): Promise<Board | null> {
    return this.#group.read(() => this.read(resource));
  }

  async getMany(resources: readonly Resource[]): Promise<readonly (Board | null)[]> {
    return this.#group.read(() => resources.map((resource) => this.#text(resource)).map(boardIn));
  }

  change(resource: Resource, decide: Decide): Promise<BoardChange> {
    return this.#group.run(
      () => this.#change(resource, decide),
      ({ board, changed }) => {
        if (changed && board !== null) this.#bus.announce(board);
      },
    );
  }

  async list(realm: string, after: string | null, limit: number): Promise<BoardPage> {
    // One more than asked for tells whether there is a next page.
    const rows = this.#group.read(() => this.#page.all(realm, after ?? '', limit + 1));
    const page = rows.slice(0, limit).map((row) => boardIn(String(row.board)));
    const boards = page.filter((board) => board !== null);
    return { boards, next: rows.length > limit ? (boards.at(-1)?.resource.user ?? null) : null };
  }

  async due(now: number, limit: number): Promise<readonly Resource[]> {
    const rows = this.#group.read(() => this.#due.all(now, limit));
    return rows.map(({ realm, user }) => ({ realm: String(realm), user: String(user) }));
  }

  /** The stored board, also within a transaction. STORE_CORRUPT when it cannot be read. */
  read(resource: Resource): Board | null {
    const text = this.#text(resource);
    const board = boardIn(text);
    if (text === null || board !== null) return board;
    throw new Fault(
      'STORE_CORRUPT',
      `Cannot read board "${formatResource(resource)}": its value is not a board, one of this version is wanted`,
    );
  }

  #change(resource: Resource, decide: Decide): BoardChange {
    const current = this.read(resource);
    const board = decide(current);
    if (board === current) return { board, changed: false };
    if (board === null) {
      throw new Fault('INTERNAL', 'Cannot remove a board: the decision gave none, a blank one is wanted');
    }
    const { realm, user } = resource;
    this.#upsert.run(
      realm,
      user,
      writeBoard(board),
      Number(isBlank(board)),
      boardDeadline(board),
      Date.now(),
    );
    return { board, changed: true };
  }

  #text({ realm, user }: Resource): string | null {
    const row = this.#select.get(realm, user);
    return row === undefined ? null : String(row.board);
  }
}

function boardIn(text: string | null): Board | null {
  return text === null ? null : readBoard(text);
}
