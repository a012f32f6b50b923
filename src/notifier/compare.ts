import { type Board, type BoardMark, NO_BOARD, sameMark } from '../presence/board.ts';
import { adopt } from './fan-out.ts';
import { feed } from './perform.ts';
import { A_TURN } from './rounds.ts';
import type { NotifierState } from './state.ts';
import { together } from './together.ts';
import type { Watch } from './watch.ts';
import { writeBack } from './write-back.ts';

/** Boards read in one go. */
const CHUNK = 500;
/** Boards that are written back at the same time. */
const AT_ONCE = 100;

/**
 * Compares what this node shows with the table: announcements can be lost, tables can fail over or be flushed.
 * Afterwards every watch has the table's board (or the table has ours, where ours is newer), and every phone that
 * has not confirmed it is told again. `buckets` null means all.
 */
export async function compare(state: NotifierState, buckets: ReadonlySet<number> | null): Promise<void> {
  const watches = [...state.watches.values()].filter(
    (watch) => buckets === null || buckets.has(watch.bucket),
  );
  for (let from = 0; from < watches.length; from += CHUNK) {
    const chunk = watches.slice(from, from + CHUNK);
    const stored = await state.parts.store.boards.getMany(chunk.map((watch) => watch.resource));
    await together(chunk, AT_ONCE, (watch, index) => compareOne(state, watch, stored[index] ?? null));
  }
}

/** Reads the boards of watches into them. */
export async function look(state: NotifierState, watches: readonly Watch[]): Promise<void> {
  for (let from = 0; from < watches.length; from += CHUNK) {
    const chunk = watches.slice(from, from + CHUNK);
    const stored = await state.parts.store.boards.getMany(chunk.map((watch) => watch.resource));
    await together(chunk, AT_ONCE, (watch, index) => observe(state, watch, stored[index] ?? null));
  }
}

async function compareOne(state: NotifierState, watch: Watch, stored: Board | null): Promise<void> {
  await observe(state, watch, stored);
  let told = 0;
  for (const slot of watch.slots) {
    if (slot.pacing !== 'quiet' || slot.confirmed) continue;
    feed(state, slot, 'changed');
    told += 1;
    // Answers are read in between: those of thousands at once would be lost in the kernel (see `Rounds`).
    if (told % A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Takes what was read from the table; where it is not simply newer than what the watch has, the table decides. */
export async function observe(state: NotifierState, watch: Watch, stored: Board | null): Promise<void> {
  if (watch.known && sameMark(watch.mark, stored ?? NO_BOARD)) return;
  if (!watch.known || isNewer(stored, watch.mark)) {
    adopt(state, watch, stored);
    return;
  }
  const ours = watch.board;
  // The read may be older than an announcement that came meanwhile, so the table decides in one step.
  const { board } = await state.parts.store.boards.change(watch.resource, (now) => writeBack(now, ours));
  if (board !== null) adopt(state, watch, board);
}

function isNewer(stored: Board | null, mark: BoardMark): boolean {
  return stored !== null && stored.rev > mark.rev;
}
