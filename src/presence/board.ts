import type { EndedLeg, Leg } from './leg.ts';
import type { MailSummary } from './mail-summary.ts';
import type { Publication } from './publication.ts';
import type { Resource } from './resource.ts';

/** What a Manual Presence block or the API can set. `idle` is the absence of a manual status. */
export const STATUSES = ['idle', 'ringing', 'busy'] as const;
export type Status = (typeof STATUSES)[number];

/** A manual status that is set: it stays until it is changed, or until it expires. */
export interface ManualStatus {
  readonly status: Exclude<Status, 'idle'>;
  readonly note?: string;
  /** ms since the epoch; absent: never. */
  readonly expiresAt?: number;
  /** A new one at each change: some phones refuse early after confirmed in one dialog id. */
  readonly dialogId: string;
}

/** All that is known of one resource. A value: each change makes a new one with `rev` one higher. */
export interface Board {
  readonly resource: Resource;
  /** Grows by one at each change. */
  readonly rev: number;
  /** Random, new at each change: after a failover a rev can come twice, this does not. */
  readonly change: string;
  /** ms since the epoch of the last change; never less than at the change before, whatever the clocks of nodes say. */
  readonly changedAt: number;
  /** By what, for people: `api`, `call`, `expiry`, `callflow Night switch`. */
  readonly changedBy: string;
  readonly manual: ManualStatus | null;
  readonly legs: readonly Leg[];
  readonly ended: readonly EndedLeg[];
  /** The id of the dialog that ended last: what an idle document carries. */
  readonly lastDialogId: string;
  /** What phones have published and keep alive, the oldest first (RFC 3903). */
  readonly publications: readonly Publication[];
  /** The messages that wait for this presence ID; null when nobody has ever said (RFC 3842). */
  readonly mail: MailSummary | null;
}

/** Which state of a board: compared for equality, never for order. */
export interface BoardMark {
  readonly rev: number;
  readonly change: string;
}

/** The mark of a board that does not exist. */
export const NO_BOARD: BoardMark = { rev: 0, change: '' };

/** True when the two name the same state of a board. */
export function sameMark(one: BoardMark | null, other: BoardMark | null): boolean {
  return one !== null && other !== null && one.rev === other.rev && one.change === other.change;
}

/** True when the board says nothing that an absent board would not: it may be forgotten. */
export function isBlank(board: Board): boolean {
  const { manual, legs, publications, mail } = board;
  return manual === null && legs.length === 0 && publications.length === 0 && mail === null;
}

/** When something on the board runs out next (manual status, leg, publication), in ms since the epoch; null for never. */
export function boardDeadline(board: Board): number | null {
  let earliest = board.manual?.expiresAt ?? Number.POSITIVE_INFINITY;
  for (const { expiresAt } of [...board.legs, ...board.publications])
    earliest = Math.min(earliest, expiresAt);
  return earliest === Number.POSITIVE_INFINITY ? null : earliest;
}

/** What a change needs from outside: pure code has no clock and no random numbers. */
export interface ChangeContext {
  /** ms since the epoch. */
  readonly now: number;
  /** A random id, unique for ever. */
  readonly newId: () => string;
  /** The highest rev that anybody reports of this resource: a board that is made anew starts above it. */
  readonly revFloor: number;
  /** What makes the change, for people. */
  readonly by: string;
}

/** The parts of a board that a change may replace. */
export type BoardPatch = Partial<
  Pick<Board, 'manual' | 'legs' | 'ended' | 'lastDialogId' | 'publications' | 'mail'>
>;

/** The next state of a board: the patch applied, one rev higher, with a new change id. */
export function nextBoard(
  current: Board | null,
  resource: Resource,
  change: { readonly patch: BoardPatch; readonly context: ChangeContext },
): Board {
  const { patch, context } = change;
  const ended = (patch.ended ?? current?.ended ?? []).filter((leg) => leg.until > context.now);
  return {
    resource,
    rev: Math.max(current?.rev ?? 0, context.revFloor) + 1,
    change: context.newId(),
    changedAt: Math.max(context.now, current?.changedAt ?? 0),
    changedBy: context.by,
    manual: patch.manual === undefined ? (current?.manual ?? null) : patch.manual,
    legs: patch.legs ?? current?.legs ?? [],
    ended,
    lastDialogId: patch.lastDialogId ?? current?.lastDialogId ?? '',
    publications: patch.publications ?? current?.publications ?? [],
    mail: patch.mail === undefined ? (current?.mail ?? null) : patch.mail,
  };
}
