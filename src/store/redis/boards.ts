import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '../../errors.ts';
import type { BoardChange, BoardPage, Boards, Decide } from '../../ports/boards.ts';
import { type Board, boardDeadline, isBlank } from '../../presence/board.ts';
import { bucketOf, formatResource, type Resource } from '../../presence/resource.ts';
import { writeBoard } from '../board-text.ts';
import { BLANK_BOARD_MS } from '../retention.ts';
import { batches } from './batches.ts';
import { BoardCache } from './board-cache.ts';
import { boardIn, boardOf } from './board-value.ts';
import type { Connection } from './connection.ts';
import { DueSweep } from './due-sweep.ts';
import { encodeResource, type Keys } from './keys.ts';
import { Lanes } from './lanes.ts';
import { RealmIndex } from './realm-index.ts';
import { scripts } from './scripts.ts';

/** How often a change is tried against the changes of other nodes. */
const ATTEMPTS = 40;

/** Boards in Redis; see the port for what each method gives. */
export class RedisBoards implements Boards {
  readonly #connection: Connection;
  readonly #keys: Keys;
  readonly #realms: RealmIndex;
  readonly #sweep: DueSweep;
  readonly #lanes = new Lanes();
  readonly #cache = new BoardCache();

  constructor(connection: Connection, keys: Keys) {
    this.#connection = connection;
    this.#keys = keys;
    this.#realms = new RealmIndex(connection, keys);
    this.#sweep = new DueSweep(connection, keys);
  }

  async get(resource: Resource): Promise<Board | null> {
    const key = this.#keys.board(resource);
    return boardOf(await this.#connection.guard(this.#connection.client.get(key)), resource);
  }

  async getMany(resources: readonly Resource[]): Promise<readonly (Board | null)[]> {
    const boards: (Board | null)[] = resources.map(() => null);
    const groups = batches(resources.map(bucketOf), this.#connection.cluster !== null);
    await Promise.all(groups.map((positions) => this.#fill(boards, resources, positions)));
    return boards;
  }

  change(resource: Resource, decide: Decide): Promise<BoardChange> {
    return this.#lanes.run(formatResource(resource), () => this.#change(resource, decide));
  }

  async list(realm: string, after: string | null, limit: number): Promise<BoardPage> {
    const boards: Board[] = [];
    let cursor = after;
    // One more than asked for tells whether there is a next page.
    while (boards.length <= limit) {
      const asked = limit + 1 - boards.length;
      const users = await this.#realms.page(realm, cursor, asked);
      const found = await this.#present(realm, users);
      boards.push(...found);
      if (users.length < asked) return { boards, next: null };
      cursor = users.at(-1) ?? cursor;
    }
    const page = boards.slice(0, limit);
    return { boards: page, next: page.at(-1)?.resource.user ?? null };
  }

  due(now: number, limit: number): Promise<readonly Resource[]> {
    return this.#sweep.take(now, limit);
  }

  async #change(resource: Resource, decide: Decide): Promise<BoardChange> {
    const guess = this.#cache.get(formatResource(resource));
    let current = guess ?? (await this.get(resource));
    let next = decide(current);
    // A guess may be old: that nothing changes must be true of what is stored.
    if (guess !== null && next === guess) {
      current = await this.get(resource);
      next = decide(current);
    }
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (next === current) return { board: current, changed: false };
      const board = solid(next);
      const result = await this.#swap(resource, current, board);
      // The client may have sent the script twice after a lost reply: then the stored board is ours.
      if (result === 'stored' || result.stored?.change === board.change) {
        this.#cache.set(formatResource(resource), board);
        return { board, changed: true };
      }
      if (attempt > 0) await pause(Math.random() * Math.min(2 ** attempt, 20));
      current = result.stored;
      next = decide(current);
    }
    throw new Fault(
      'STORE_CONTENDED',
      `Cannot change board "${formatResource(resource)}": ${ATTEMPTS} other changes came first, fewer writers are wanted`,
    );
  }

  /** Stores `next`, or tells what is stored instead of `current`. */
  async #swap(
    resource: Resource,
    current: Board | null,
    next: Board,
  ): Promise<'stored' | { readonly stored: Board | null }> {
    const appears = !isBlank(next) && (current === null || isBlank(current));
    const bucket = bucketOf(resource);
    const [, reply] = await Promise.all([
      appears ? this.#realms.add(resource.realm, [resource.user]) : null,
      this.#connection.script(
        scripts.boardSwap,
        [this.#keys.board(resource), this.#keys.due(bucket), this.#keys.seq(bucket)],
        [
          current?.change ?? '',
          next.change,
          writeBoard(next),
          encodeResource(resource),
          boardDeadline(next) ?? '',
          isBlank(next) ? BLANK_BOARD_MS : '',
          this.#keys.channel(bucket),
          this.#connection.cluster === null ? 'PUBLISH' : 'SPUBLISH',
        ],
      ),
    ]);
    // The script's head says what it returns.
    const [stored, value] = reply as [1, number] | [0, string | null];
    return stored === 1 ? 'stored' : { stored: boardOf(value, resource) };
  }

  /** Reads the boards of some of the resources into their places; one that cannot be read stays null. */
  async #fill(
    boards: (Board | null)[],
    resources: readonly Resource[],
    positions: readonly number[],
  ): Promise<void> {
    const wanted = positions
      .map((position) => resources[position])
      .filter((resource) => resource !== undefined);
    const { client } = this.#connection;
    const values = await this.#connection.guard(client.mget(...wanted.map((one) => this.#keys.board(one))));
    for (const [index, position] of positions.entries()) boards[position] = boardIn(values[index] ?? '');
  }

  /** The boards with content of some user parts; entries of the index whose board is gone are taken out. */
  async #present(realm: string, users: readonly string[]): Promise<readonly Board[]> {
    const boards = await this.getMany(users.map((user) => ({ realm, user })));
    const gone = users.filter((_, index) => boards[index] === null);
    if (gone.length > 0) await this.#forget(realm, gone);
    return boards.filter((board) => board !== null).filter((board) => !isBlank(board));
  }

  async #forget(realm: string, users: readonly string[]): Promise<void> {
    await this.#realms.remove(realm, users);
    // Another node may have stored a board between our reading and our removing.
    const boards = await this.getMany(users.map((user) => ({ realm, user })));
    const back = users.filter((_, index) => boards[index] !== null);
    if (back.length > 0) await this.#realms.add(realm, back);
  }
}

function solid(board: Board | null): Board {
  if (board !== null) return board;
  throw new Fault('INTERNAL', 'Cannot remove a board: the decision gave none, a blank one is wanted');
}
