import { type Board, type ChangeContext, nextBoard } from './board.ts';
import { cameLate, endedDialog, rememberEnded, sameDialog } from './ended-dialog.ts';
import { dialogIdOf } from './lamp.ts';
import { type EndedLeg, LEG_STATES, type Leg } from './leg.ts';
import { goesBack } from './leg-event.ts';
import {
  type Publication,
  type PublishedDialog,
  type PublishedPackage,
  type PublishedState,
  saysBusy,
} from './publication.ts';
import type { Resource } from './resource.ts';

/** A PUBLISH as the event state compositor sees it (RFC 3903 §6). */
export interface PublicationRequest {
  readonly package: PublishedPackage;
  /** The entity-tag of the publication that it is about; null for a new one. */
  readonly ifMatch: string | null;
  /** What its body says; null without a body. */
  readonly state: PublishedState | null;
  /** How long the publication is kept; 0 removes it. */
  readonly seconds: number;
}

export type Composition =
  | { readonly kind: 'composed'; readonly board: Board | null; readonly etag: string }
  /** RFC 3903 §6 step 3: there is no such publication (any more): 412. */
  | { readonly kind: 'unknown-tag' }
  /** RFC 3903 §6 step 5: an initial publication without a body: 400. */
  | { readonly kind: 'no-state' };

/** Publications on one board, and dialogs in them; above it the publication that would run out first gives way. */
const MOST_PUBLICATIONS = 64;
const MOST_DIALOGS = 64;
/** Dialogs of one publication; above it those that it told of first are forgotten. */
const MOST_OWN_DIALOGS = 16;

/** The parts of a board that publications touch, while a decision is made. */
type Draft = Pick<Board, 'publications' | 'ended' | 'lastDialogId'>;

/**
 * Creates, refreshes, modifies or removes a publication (RFC 3903 §4, table 1). The board given comes back when
 * nothing is left to store: an initial publication with Expires 0.
 */
export function composePublication(
  current: Board | null,
  resource: Resource,
  to: { readonly request: PublicationRequest; readonly context: ChangeContext },
): Composition {
  const { request, context } = to;
  const draft = withoutLapsed(draftOf(current), context.now);
  const before = draft.publications.find(
    (known) => known.etag === request.ifMatch && known.package === request.package,
  );
  if (request.ifMatch !== null && before === undefined) return { kind: 'unknown-tag' };
  if (before === undefined && request.state === null) return { kind: 'no-state' };
  const etag = context.newId();
  const next = decide(draft, { ...request, before, etag, context });
  // Nothing was there, nothing is to be kept, and nothing ended.
  if (next === draft && before === undefined) return { kind: 'composed', board: current, etag };
  return { kind: 'composed', board: nextBoard(current, resource, { patch: next, context }), etag };
}

/** Takes away the publications that have run out at `context.now`. The board given comes back when there are none. */
export function lapsePublications(current: Board | null, context: ChangeContext): Board | null {
  return dropPublications(current, { drops: ({ expiresAt }) => expiresAt <= context.now, context });
}

/** Takes away the publications that `drops` picks. The board given comes back when there are none. */
export function dropPublications(
  current: Board | null,
  to: { readonly drops: (publication: Publication) => boolean; readonly context: ChangeContext },
): Board | null {
  const { drops, context } = to;
  if (current === null || !current.publications.some(drops)) return current;
  const patch = without(draftOf(current), current.publications.filter(drops), context.now);
  return nextBoard(current, current.resource, { patch, context });
}

function draftOf(board: Board | null): Draft {
  const { publications = [], ended = [], lastDialogId = '' } = board ?? {};
  return { publications, ended, lastDialogId };
}

function withoutLapsed(draft: Draft, now: number): Draft {
  const lapsed = draft.publications.filter(({ expiresAt }) => expiresAt <= now);
  return lapsed.length === 0 ? draft : without(draft, lapsed, now);
}

/** The draft without some publications; nobody has said that their dialogs ended, so those may come back answered. */
function without(draft: Draft, gone: readonly Publication[], now: number): Draft {
  const legs = gone.flatMap((publication) => publication.legs);
  const shown = gone.flatMap((publication) => [
    ...publication.legs.map(dialogIdOf),
    ...(publication.busyId === null ? [] : [publication.busyId]),
  ]);
  return {
    publications: draft.publications.filter((publication) => !gone.includes(publication)),
    ended: rememberEnded(
      draft.ended,
      legs.map((leg) => endedDialog(leg, { now, lapsed: true })),
    ),
    lastDialogId: shown.at(-1) ?? draft.lastDialogId,
  };
}

interface Deciding extends PublicationRequest {
  readonly before: Publication | undefined;
  readonly etag: string;
  readonly context: ChangeContext;
}

function decide(draft: Draft, what: Deciding): Draft {
  const { state, before, seconds, context } = what;
  const dialogs = state?.package === 'dialog' ? state.dialogs : [];
  const over = dialogs.filter((dialog) => dialog.state === 'terminated');
  const told = over.length === 0 ? draft : endEverywhere(draft, over, context.now);
  if (seconds > 0) return bounded(put(told, what), what.etag);
  const removed = told.publications.filter(({ etag }) => etag === before?.etag);
  return removed.length === 0 ? told : without(told, removed, context.now);
}

/**
 * A dialog of which anybody says that it ended is over in every publication: else the removal of the newest would
 * bring an older state of it back.
 */
function endEverywhere(draft: Draft, over: readonly PublishedDialog[], now: number): Draft {
  const isOver = (leg: Leg) => over.some((dialog) => sameDialog(dialog, leg));
  const names: EndedLeg[] = over.map((dialog) => endedDialog(dialog, { now, lapsed: false }));
  const dark = draft.publications.flatMap(({ legs }) => legs).findLast(isOver);
  return {
    publications: withoutLegs(draft.publications, isOver),
    ended: rememberEnded(draft.ended, names),
    lastDialogId: dark === undefined ? draft.lastDialogId : dialogIdOf(dark),
  };
}

function withoutLegs(
  publications: readonly Publication[],
  leaves: (leg: Leg) => boolean,
): readonly Publication[] {
  return publications.map((publication) =>
    publication.legs.some(leaves)
      ? { ...publication, legs: publication.legs.filter((leg) => !leaves(leg)) }
      : publication,
  );
}

/** Puts the new state of the publication in the place of the old one; a new one comes last. */
function put(draft: Draft, what: Deciding): Draft {
  const { etag, package: name, seconds, context } = what;
  const before = draft.publications.find((publication) => publication.etag === what.before?.etag);
  const others = draft.publications.filter((publication) => publication !== before);
  const expiresAt = context.now + seconds * 1000;
  const legs = legsOf(what, { ...draft, before, others });
  const presence = what.state?.package === 'presence' ? what.state.presence : (before?.presence ?? null);
  const busyId = presence !== null && saysBusy(presence) ? (before?.busyId ?? context.newId()) : null;
  const next = {
    etag,
    package: name,
    expiresAt,
    legs: legs.map((leg) => ({ ...leg, expiresAt })),
    presence,
    busyId,
  };
  const rest = withoutLegs(others, (leg) => legs.some((taken) => sameDialog(taken, leg)));
  const at = before === undefined ? rest.length : draft.publications.indexOf(before);
  return {
    publications: rest.toSpliced(at, 0, next),
    ended: draft.ended,
    lastDialogId: lastShown(draft, before, next),
  };
}

/** The dialog that went dark last: an idle document carries its id. */
function lastShown(draft: Draft, before: Publication | undefined, next: Publication): string {
  const shown = before?.legs.map(dialogIdOf) ?? [];
  const still = next.legs.map(dialogIdOf);
  const dark = before?.busyId !== next.busyId ? before?.busyId : null;
  return dark ?? shown.findLast((id) => !still.includes(id)) ?? draft.lastDialogId;
}

interface Known extends Draft {
  readonly before: Publication | undefined;
  readonly others: readonly Publication[];
}

/** The dialogs that the publication has from now on: its old ones, unless the body says others. */
function legsOf({ state, context }: Deciding, known: Known): readonly Leg[] {
  const own = known.before?.legs ?? [];
  if (state?.package !== 'dialog') return own;
  const news = state.dialogs.filter((dialog) => !isLate(dialog, known, context.now));
  const legs = news
    .map((dialog) => legOf(dialog, known, context))
    .filter((leg) => leg !== null)
    .filter(isLastWord);
  // RFC 4235 §4.3: a partial document says nothing of the dialogs that it leaves out.
  const rest = state.partial ? own.filter((leg) => !legs.some((said) => sameDialog(said, leg))) : [];
  return [...rest, ...legs].slice(-MOST_OWN_DIALOGS);
}

/** A document that tells of one dialog twice means what it says last. */
function isLastWord(leg: Leg, index: number, all: readonly Leg[]): boolean {
  return !all.slice(index + 1).some((later) => sameDialog(later, leg));
}

/**
 * News of a dialog that ended are late, and so are those that lie before what another publication says of the same
 * dialog (RFC 4235 §3.7.1). Within one publication the entity-tag proves the order.
 */
function isLate(dialog: PublishedDialog, { others, ended }: Known, now: number): boolean {
  if (cameLate(dialog, ended, now)) return true;
  const elsewhere = others.flatMap(({ legs }) => legs).filter((leg) => sameDialog(leg, dialog));
  return elsewhere.some((leg) => LEG_STATES.indexOf(leg.state) > LEG_STATES.indexOf(dialog.state));
}

function legOf({ state, ...facts }: PublishedDialog, known: Known, context: ChangeContext): Leg | null {
  if (state === 'terminated') return null;
  const before = known.publications.flatMap(({ legs }) => legs).find((leg) => sameDialog(leg, facts));
  const shownAs = before?.dialogId === undefined ? {} : { dialogId: before.dialogId };
  const leg: Leg = { ...facts, ...shownAs, state, expiresAt: 0 };
  return goesBack(known.lastDialogId, before, leg) ? { ...leg, dialogId: context.newId() } : leg;
}

/** Makes room; the publication with the entity-tag `kept`, which was just made, never gives way. */
function bounded(draft: Draft, kept: string): Draft {
  let { publications } = draft;
  while (isTooMuch(publications)) {
    const others = publications.filter(({ etag }) => etag !== kept);
    const first = others.reduce((one, other) => (other.expiresAt < one.expiresAt ? other : one));
    publications = publications.filter((publication) => publication !== first);
  }
  return { ...draft, publications };
}

function isTooMuch(publications: readonly Publication[]): boolean {
  const dialogs = publications.reduce((sum, { legs }) => sum + legs.length, 0);
  return publications.length > MOST_PUBLICATIONS || dialogs > MOST_DIALOGS;
}
