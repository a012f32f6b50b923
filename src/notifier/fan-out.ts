import { type Board, sameMark } from '../presence/board.ts';
import { feed } from './perform.ts';
import type { Slot } from './slot.ts';
import type { NotifierState } from './state.ts';
import type { Watch } from './watch.ts';

/** A board was announced: every watcher of it on this node is told, each at its own pace. */
export function fanOut(state: NotifierState, board: Board): void {
  state.live.get(board.resource.realm)?.changed(board);
  const watch = state.watchOf(board.resource);
  if (watch !== undefined) adopt(state, watch, board);
}

/** Takes a board as the newest of its watch and notifies whoever has not been told of it (see `Rounds`). */
export function adopt(state: NotifierState, watch: Watch, board: Board | null): void {
  if (watch.known && watch.board !== null && sameMark(watch.board, board)) return;
  watch.board = board;
  state.rounds.begin(watch);
}

/** A slot hears of its watch's board, which it may know already. */
export function visit(state: NotifierState, slot: Slot, watch: Watch): void {
  const news = slot.hear(watch);
  if (news === 'new') feed(state, slot, 'changed');
  else if (news === 'same' && slot.stored) state.unwritten.add(slot);
}
