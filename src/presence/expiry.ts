import { type Board, boardDeadline, type ChangeContext } from './board.ts';
import { lapsePublications } from './compositor.ts';
import { endLegs } from './leg-event.ts';
import { clearManual } from './manual.ts';

/** Takes away what has run out at `context.now`: manual status, legs and publications. The board given comes back when nothing has. */
export function expireBoard(current: Board | null, context: ChangeContext): Board | null {
  if (current === null) return null;
  const deadline = boardDeadline(current);
  if (deadline === null || deadline > context.now) return current;
  const manualOver = (current.manual?.expiresAt ?? Number.POSITIVE_INFINITY) <= context.now;
  const cleared = manualOver ? clearManual(current, context) : current;
  const swept = endLegs(cleared, current.resource, { ends: (leg) => leg.expiresAt <= context.now, context });
  const lapsed = lapsePublications(swept, context);
  // Several steps, one change: the rev grows by one.
  return lapsed === null ? null : { ...lapsed, rev: Math.max(current.rev, context.revFloor) + 1 };
}
