import type { Board, ChangeContext } from '../../src/presence/board.ts';
import type { LegEvent } from '../../src/presence/leg-event.ts';
import type { Resource } from '../../src/presence/resource.ts';

/** The resource that most tests are about. */
export const NIGHT: Resource = { realm: 'acme.example', user: 'night' };

/** Ids that count up: `id1`, `id2` ... */
export function countingIds(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `id${count}`;
  };
}

/** A context of change at `now`, with ids that count up. */
export function changeAt(now: number, newId: () => string = countingIds()): ChangeContext {
  return { now, newId, revFloor: 0, by: 'test' };
}

/** A board with what a test cares for. */
export function boardWith(facts: Partial<Board>): Board {
  return {
    resource: NIGHT,
    rev: 1,
    change: 'c1',
    changedAt: 0,
    changedBy: 'test',
    manual: null,
    legs: [],
    ended: [],
    lastDialogId: '',
    publications: [],
    mail: null,
    ...facts,
  };
}

/** An event of a ringing call, with what a test cares for. */
export function legEvent(facts: Partial<LegEvent> = {}): LegEvent {
  return { id: 'leg1', state: 'early', direction: 'recipient', expiresIn: 60, ...facts };
}
