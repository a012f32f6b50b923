import { expireBoard } from '../presence/expiry.ts';
import type { NotifierState } from './state.ts';

/** Boards expired in one go. */
const LIMIT = 200;

/**
 * Makes an ordinary board change of whatever has run out (manual statuses, legs), on whichever node it was set.
 * Any number of nodes may do it at once: the change itself decides, and the second finds nothing to do.
 */
export async function expireBoards(state: NotifierState): Promise<void> {
  const { boards } = state.parts.store;
  for (const resource of await boards.due(state.now(), LIMIT)) {
    await boards.change(resource, (board) => expireBoard(board, state.changeContext(resource, 'expiry')));
  }
}
