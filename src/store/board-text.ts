import type { Board } from '../presence/board.ts';

/** A board as both stores keep it. */
export function writeBoard(board: Board): string {
  return JSON.stringify(board);
}

/** The board in a stored text; null when the text is not one of ours. */
export function readBoard(text: string): Board | null {
  const value = parse(text);
  // Checked just above: what is not checked here was written by `writeBoard` together with what is.
  return isBoardLike(value) ? { ...LATER_PARTS, ...(value as Board) } : null;
}

/** Parts that boards stored by an earlier version do not have. */
const LATER_PARTS: Pick<Board, 'publications' | 'mail'> = { publications: [], mail: null };

/** The value of a JSON text, null when it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isBoardLike(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { resource, rev, change, legs, ended, manual } = value;
  return (
    isObject(resource) &&
    typeof resource.user === 'string' &&
    typeof resource.realm === 'string' &&
    Number.isSafeInteger(rev) &&
    typeof change === 'string' &&
    Array.isArray(legs) &&
    Array.isArray(ended) &&
    (manual === null || isObject(manual))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
