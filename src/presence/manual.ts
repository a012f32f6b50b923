import { type Board, type ChangeContext, type ManualStatus, nextBoard, type Status } from './board.ts';
import type { Resource } from './resource.ts';

/** A manual status to set. */
export interface ManualChange {
  readonly status: Status;
  readonly note?: string;
  /** Seconds until it falls back to idle; absent: never. */
  readonly expiresIn?: number;
}

/**
 * Sets the manual status of a resource. The board given comes back when nothing changes: the same status with the
 * same note and no expiry on either side, or idle where nothing is set.
 */
export function setManual(
  current: Board | null,
  resource: Resource,
  to: { readonly change: ManualChange; readonly context: ChangeContext },
): Board | null {
  const { change, context } = to;
  if (change.status === 'idle') return clearManual(current, context);
  const before = current?.manual ?? null;
  if (before !== null && isSame(before, change)) return current;
  const manual: ManualStatus = {
    status: change.status,
    ...(change.note === undefined ? {} : { note: change.note }),
    ...(change.expiresIn === undefined ? {} : { expiresAt: context.now + change.expiresIn * 1000 }),
    // A new deadline alone is no new lamp: the phones keep the dialog that they know.
    dialogId: before?.status === change.status ? before.dialogId : context.newId(),
  };
  return nextBoard(current, resource, { patch: { manual }, context });
}

/** Takes the manual status away; the board given comes back when there is none. */
export function clearManual(current: Board | null, context: ChangeContext): Board | null {
  if (current === null || current.manual === null) return current;
  const patch = { manual: null, lastDialogId: current.manual.dialogId };
  return nextBoard(current, current.resource, { patch, context });
}

/** The other one of idle and busy, by the manual status alone: a call on the lamp does not count. */
export function toggled(current: Board | null): Status {
  return current === null || current.manual === null ? 'busy' : 'idle';
}

function isSame(before: ManualStatus, change: ManualChange): boolean {
  const lasting = before.expiresAt === undefined && change.expiresIn === undefined;
  return lasting && before.status === change.status && before.note === change.note;
}
