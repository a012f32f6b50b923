import type { Board } from '../board.ts';
import { dialogsOf, type LampDialog, lampStatus } from '../lamp.ts';
import type { DocumentStyle } from './style.ts';

/** The dialogs that a watcher may see, the most telling first; never empty. */
export function dialogsSeen(
  board: Board | null,
  { order, view }: Pick<DocumentStyle, 'order' | 'view'>,
): readonly LampDialog[] {
  const dialogs = dialogsOf(view === 'nothing' ? null : board, order);
  return view === 'all' ? dialogs : dialogs.slice(0, 1).map(virtualDialog);
}

/**
 * RFC 4235 §3.7.2: one virtual dialog that tells the lamp and nothing of the calls behind it. It has an id for each
 * lamp, so that no id tells of a call, and none ever goes back from confirmed to early.
 */
function virtualDialog(dialog: LampDialog): LampDialog {
  const { state, leg } = dialog;
  const held = leg?.held === true && state !== 'terminated';
  return {
    id: lampStatus(dialog),
    state,
    direction: 'recipient',
    leg: held ? { id: '', state, held, expiresAt: 0 } : null,
  };
}
