import type { Board, Status } from './board.ts';
import { sameDialog } from './ended-dialog.ts';
import type { Direction, Leg, LegState } from './leg.ts';

/** One dialog as the phones are told of it: a call leg, a status (manual or published), or the end of the last one. */
export interface LampDialog {
  readonly id: string;
  readonly state: LegState;
  readonly direction: Direction;
  /** Null for a status and for an idle lamp. */
  readonly leg: Leg | null;
}

/** The composed answer, for people. */
export type LampStatus = Status | 'held' | 'trying';

/** States from the most to the least telling. Early first: a ringing phone can be picked up. */
export type LampOrder = readonly LegState[];

const MANUAL_STATE = { ringing: 'early', busy: 'confirmed' } as const;

/**
 * The dialogs of a board, the most telling first; never empty: an idle lamp is one terminated dialog (phones
 * refuse a document without one), carrying the id of the dialog that ended.
 */
export function dialogsOf(board: Board | null, order: LampOrder): readonly LampDialog[] {
  if (board === null) return [idleDialog(board)];
  const dialogs = [...board.legs.map(legDialog), ...statusDialogs(board)];
  for (const publication of board.publications) dialogs.push(...publication.legs.map(legDialog));
  if (dialogs.length === 0) return [idleDialog(board)];
  dialogs.sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
  return board.publications.length === 0 ? dialogs : dialogs.filter(isFirstWord).map(withOwnId);
}

/** What a lamp shows that is no call: the manual status, and presence documents that say busy. */
function statusDialogs({ manual, publications }: Board): readonly LampDialog[] {
  const dialogs: LampDialog[] = [];
  if (manual !== null) {
    const state = MANUAL_STATE[manual.status];
    dialogs.push({ id: manual.dialogId, state, direction: 'recipient', leg: null });
  }
  for (const { busyId } of publications) {
    if (busyId !== null) dialogs.push({ id: busyId, state: 'confirmed', direction: 'recipient', leg: null });
  }
  return dialogs;
}

/** A call that an engine and a phone both tell of is one call. */
function isFirstWord({ leg }: LampDialog, index: number, all: readonly LampDialog[]): boolean {
  if (leg === null) return true;
  return !all.slice(0, index).some((other) => other.leg !== null && sameDialog(other.leg, leg));
}

/** RFC 4235 §4.1.1: ids are unique in a document, but each publisher has chosen its own. */
function withOwnId(dialog: LampDialog, index: number, all: readonly LampDialog[]): LampDialog {
  const before = all.slice(0, index).filter(({ id }) => id === dialog.id).length;
  return before === 0 ? dialog : { ...dialog, id: `${dialog.id}-${before + 1}` };
}

function idleDialog(board: Board | null): LampDialog {
  const id = board?.lastDialogId || 'idle';
  return { id, state: 'terminated', direction: 'recipient', leg: null };
}

function legDialog(leg: Leg): LampDialog {
  const direction = leg.direction ?? 'recipient';
  return { id: dialogIdOf(leg), state: shownState(leg), direction, leg };
}

/** The state that phones are told of a leg. */
export function shownState({ direction, state }: Pick<Leg, 'direction' | 'state'>): Leg['state'] {
  // A caller who hears ringing is busy: an early initiator would flash his lamp and offer a pickup of his own call.
  return direction === 'initiator' && state === 'early' ? 'confirmed' : state;
}

/** The dialog id that phones are told of a leg. */
export function dialogIdOf({ id, dialogId }: Pick<Leg, 'id' | 'dialogId'>): string {
  return dialogId ?? id;
}

/** What people call the lamp that shows this dialog. */
export function lampStatus(dialog: LampDialog): LampStatus {
  switch (dialog.state) {
    case 'terminated':
      return 'idle';
    case 'early':
      return 'ringing';
    case 'confirmed':
      return dialog.leg?.held === true ? 'held' : 'busy';
    case 'proceeding':
    case 'trying':
      return 'trying';
  }
}
