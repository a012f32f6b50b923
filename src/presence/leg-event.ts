import { type Board, type ChangeContext, nextBoard } from './board.ts';
import { cameLate, ENDED_MS } from './ended-dialog.ts';
import { dialogIdOf, shownState } from './lamp.ts';
import { type Direction, type EndedLeg, LEG_STATES, type Leg, type LegState, type Party } from './leg.ts';
import type { Resource } from './resource.ts';

/** One event of a call leg, as an engine reports it. `terminated` ends the leg. */
export interface LegEvent {
  readonly id: string;
  readonly state: LegState;
  readonly direction?: Direction;
  readonly callId?: string;
  readonly localTag?: string;
  readonly remoteTag?: string;
  readonly local?: Party;
  readonly remote?: Party;
  readonly held?: boolean;
  readonly source?: string;
  readonly seq?: number;
  /** Seconds after which the leg is given up. */
  readonly expiresIn: number;
}

/** Legs on one board; above it the one that would run out first gives way. */
const MOST_LEGS = 64;

/**
 * Applies one event. The board given comes back when the event is late (its leg has ended, its `seq` is not
 * above the last one, or its state lies before the leg's in RFC 4235 §3.7.1) or says nothing new.
 */
export function applyLegEvent(
  current: Board | null,
  resource: Resource,
  to: { readonly event: LegEvent; readonly context: ChangeContext },
): Board | null {
  const { event, context } = to;
  if (event.state === 'terminated')
    return endLegs(current, resource, { ...to, ends: (leg) => leg.id === event.id });
  if (current !== null && cameLate(event, current.ended, context.now)) return current;
  const before = current?.legs.find((leg) => leg.id === event.id);
  if (before !== undefined && isLate(before, event)) return current;
  const merged = legFrom(event, event.state, { before, now: context.now });
  const leg = goesBack(current?.lastDialogId, before, merged)
    ? { ...merged, dialogId: context.newId() }
    : merged;
  if (before !== undefined && saysTheSame(before, leg)) return current;
  const others = (current?.legs ?? []).filter((other) => other.id !== event.id);
  return nextBoard(current, resource, { patch: { legs: bounded([...others, leg]) }, context });
}

/** Ends the legs that `ends` picks; the board given comes back when it has none of them. */
export function endLegs(
  current: Board | null,
  resource: Resource,
  to: { readonly ends: (leg: Leg) => boolean; readonly context: ChangeContext; readonly event?: LegEvent },
): Board | null {
  const { ends, context, event } = to;
  const ending = (current?.legs ?? []).filter(
    (leg) => ends(leg) && !(event !== undefined && isOlder(leg, event)),
  );
  if (current === null || ending.length === 0) return current;
  const legs = current.legs.filter((leg) => !ending.includes(leg));
  const ended = [...current.ended, ...ending.map((leg) => endedLeg(leg, context.now))].slice(-MOST_LEGS);
  const last = ending.at(-1);
  const lastDialogId = last === undefined ? current.lastDialogId : dialogIdOf(last);
  return nextBoard(current, resource, { patch: { legs, ended, lastDialogId }, context });
}

function endedLeg(leg: Leg, now: number): EndedLeg {
  return { id: leg.id, until: now + ENDED_MS, ...(leg.seq === undefined ? {} : { seq: leg.seq }) };
}

function isLate(before: Leg, event: LegEvent): boolean {
  if (isOlder(before, event)) return true;
  return LEG_STATES.indexOf(event.state) < LEG_STATES.indexOf(before.state);
}

function isOlder(before: Leg, event: LegEvent): boolean {
  return before.seq !== undefined && event.seq !== undefined && event.seq <= before.seq;
}

function legFrom(
  event: LegEvent,
  state: Leg['state'],
  known: { readonly before: Leg | undefined; readonly now: number },
): Leg {
  const { expiresIn, ...facts } = event;
  return { ...known.before, ...facts, state, expiresAt: known.now + expiresIn * 1000 };
}

/**
 * True when phones would see a dialog id go back (RFC 4235 §3.7.1), which Poly phones do not follow: a leg that is
 * shown in an earlier state than before, or a new leg under the id of the one that ended last.
 */
export function goesBack(lastDialogId: string | undefined, before: Leg | undefined, leg: Leg): boolean {
  if (before === undefined) return lastDialogId === dialogIdOf(leg);
  return LEG_STATES.indexOf(shownState(leg)) < LEG_STATES.indexOf(shownState(before));
}

/** Equal but for the running number and a deadline that moved by less than a tenth of a second. */
function saysTheSame(before: Leg, leg: Leg): boolean {
  if (Math.abs(leg.expiresAt - before.expiresAt) > 100) return false;
  const plain = (value: Leg) => JSON.stringify({ ...value, seq: 0, expiresAt: 0 });
  return plain(before) === plain(leg);
}

function bounded(legs: readonly Leg[]): readonly Leg[] {
  if (legs.length <= MOST_LEGS) return legs;
  const first = legs.reduce((one, other) => (other.expiresAt < one.expiresAt ? other : one));
  return legs.filter((leg) => leg !== first);
}
