import { Fault } from '../../errors.ts';
import type { Board } from '../../presence/board.ts';
import { formatResource, type Resource } from '../../presence/resource.ts';
import { readBoard } from '../board-text.ts';

/** The board in a stored value, `<change id> <board JSON>`; null for none. STORE_CORRUPT for something else. */
export function boardOf(value: string | null, resource: Resource): Board | null {
  if (value === null) return null;
  const board = boardIn(value);
  if (board !== null) return board;
  throw new Fault(
    'STORE_CORRUPT',
    `Cannot read board "${formatResource(resource)}": its value is not a board, one of this version is wanted`,
  );
}

/** The same, but null also for something else. */
export function boardIn(value: string): Board | null {
  return readBoard(value.slice(value.indexOf('{')));
}
