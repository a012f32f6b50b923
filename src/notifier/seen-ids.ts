import type { Board } from '../presence/board.ts';
import type { Resource } from '../presence/resource.ts';
import { mergePages } from './merge-pages.ts';
import type { NotifierState } from './state.ts';

/** A presence ID that is set or watched. */
export interface SeenId {
  readonly resource: Resource;
  /** Null: nothing was ever set. */
  readonly board: Board | null;
}

export interface SeenPage {
  /** Sorted by user part (by UTF-8 octets). */
  readonly ids: readonly SeenId[];
  /** Pass it as `after` for the next page; null at the end. */
  readonly next: string | null;
}

export interface PageAsk {
  readonly after: string | null;
  readonly limit: number;
}

/** The presence IDs of a realm that are not idle, and those that somebody watches, in pages. */
export async function listIds(state: NotifierState, realm: string, ask: PageAsk): Promise<SeenPage> {
  const { boards, subscriptions } = state.parts.store;
  const [set, watched] = await Promise.all([
    boards.list(realm, ask.after, ask.limit),
    subscriptions.watched(realm, { ...ask, now: state.now() }),
  ]);
  const found = new Map(set.boards.map((board) => [board.resource.user, board]));
  const ofBoards = { users: [...found.keys()], next: set.next };
  const { users, next } = mergePages(ofBoards, watched, ask.limit);
  const idle = users.filter((user) => !found.has(user));
  const others = new Map((await readIds(state, realm, idle)).map((id) => [id.resource.user, id.board]));
  const boardOf = (user: string) => found.get(user) ?? others.get(user) ?? null;
  return { ids: users.map((user) => ({ resource: { realm, user }, board: boardOf(user) })), next };
}

/** What is on the boards of some user parts of a realm. */
export async function readIds(
  state: NotifierState,
  realm: string,
  users: readonly string[],
): Promise<readonly SeenId[]> {
  if (users.length === 0) return [];
  const resources = users.map((user) => ({ realm, user }));
  const boards = await state.parts.store.boards.getMany(resources);
  return resources.map((resource, index) => ({ resource, board: boards[index] ?? null }));
}
