import { type EndedLeg, LEG_STATES, type LegState } from './leg.ts';

/** What tells one dialog from another. */
export interface DialogNames {
  readonly id: string;
  readonly callId?: string;
  readonly localTag?: string;
  readonly remoteTag?: string;
}

/** How long a dialog that ended is remembered, in ms: nothing that comes late must light the lamp again. */
export const ENDED_MS = 60_000;
/** Dialogs that a board remembers; above it the oldest are forgotten. */
const MOST_ENDED = 64;

/**
 * True when two names can be those of one dialog: the same id, and no Call-ID or tag that differs. The branches of a
 * forked call share id or Call-ID, but not their tags.
 */
export function sameDialog(one: DialogNames, other: DialogNames): boolean {
  if (one.id !== other.id || differs(one.callId, other.callId)) return false;
  return !differs(one.localTag, other.localTag) && !differs(one.remoteTag, other.remoteTag);
}

function differs(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

/** A dialog that ended. `lapsed`: nobody said so, its publication ran out or was withdrawn. */
export function endedDialog(names: DialogNames, { now, lapsed }: { now: number; lapsed: boolean }): EndedLeg {
  const { id, callId, localTag, remoteTag } = names;
  return {
    id,
    until: now + ENDED_MS,
    ...(callId === undefined ? {} : { callId }),
    ...(localTag === undefined ? {} : { localTag }),
    ...(remoteTag === undefined ? {} : { remoteTag }),
    ...(lapsed ? { lapsed: true as const } : {}),
  };
}

/** Remembers dialogs that ended; what was remembered of the same ones is replaced. */
export function rememberEnded(ended: readonly EndedLeg[], more: readonly EndedLeg[]): readonly EndedLeg[] {
  const keys = new Set(more.map(keyOf));
  return [...ended.filter((old) => !keys.has(keyOf(old))), ...more].slice(-MOST_ENDED);
}

/** Entries of engines carry `seq`: they are replaced by their like only. */
function keyOf({ id, callId, localTag, remoteTag, seq }: EndedLeg): string {
  return JSON.stringify([id, callId, localTag, remoteTag, seq]);
}

/**
 * True when news of a dialog come too late: it has ended. One that only lapsed may come back answered (its phone was
 * cut off for a while), but not ringing.
 */
export function cameLate(
  dialog: DialogNames & { readonly state: LegState },
  ended: readonly EndedLeg[],
  now: number,
): boolean {
  const answered = LEG_STATES.indexOf(dialog.state) >= LEG_STATES.indexOf('confirmed');
  return ended.some(
    (old) => old.until > now && sameDialog(old, dialog) && !(old.lapsed === true && answered),
  );
}
