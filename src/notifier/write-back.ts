import { type Board, isBlank } from '../presence/board.ts';

/**
 * What the table should hold of a resource: what it holds, or `ours` if it has lost that (flush, failover) and it says
 * something. Every change starts from this, or one that comes before the board was written back would be decided without it:
 * idle on a board that is gone is no change, and the old lamp would come back after it. A node that does not know the board
 * may have changed what was left of it meanwhile: that is later than ours, although its rev is lower.
 */
export function writeBack(stored: Board | null, ours: Board | null): Board | null {
  if (ours === null) return stored;
  if (stored === null) return isBlank(ours) ? stored : ours;
  return stored.rev < ours.rev && stored.changedAt <= ours.changedAt ? ours : stored;
}
