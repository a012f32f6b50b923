import type { Board, Status } from './board.ts';
import type { Direction, Leg, LegState } from './leg.ts';

/** One dialog as the phones are told of it: a call leg, a manual status, or the end of the last one. */
export interface LampDialog {
  readonly id: string;
  readonly state: LegState;
  readonly direction: Direction;
  /** Null for a manual status and for an idle lamp. */
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
  const dialogs: LampDialog[] = (board?.legs ?? []).map(legDialog);
  if (board !== null && board.manual !== null) {
    const { dialogId, status } = board.manual;
    dialogs.push({ id: dialogId, state: MANUAL_STATE[status], direction: 'recipient', leg: null });
  }
  if (dialogs.length === 0) return [idleDialog(board)];
  return dialogs.sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
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
