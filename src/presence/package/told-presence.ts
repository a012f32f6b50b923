import type { Board } from '../board.ts';
import { type LampStatus, lampStatus } from '../lamp.ts';
import { combinePresence, type PublishedPresence } from '../publication.ts';
import { dialogsSeen } from './dialogs-seen.ts';
import type { DocumentStyle } from './style.ts';

/** What watchers of presence are told of a board. */
export type ToldPresence = PublishedPresence & { readonly note: string };

/** The activity (RFC 4480 §3.2) and the words for people of each lamp; an idle one has no activity. */
const TELLING: Readonly<
  Record<LampStatus, { readonly activities: readonly string[]; readonly note: string }>
> = {
  idle: { activities: [], note: 'Ready' },
  ringing: { activities: ['busy'], note: 'Ringing' },
  trying: { activities: ['on-the-phone'], note: 'Calling' },
  busy: { activities: ['on-the-phone'], note: 'On the phone' },
  held: { activities: ['on-the-phone'], note: 'On hold' },
};

/**
 * Calls, manual status and published presence as one. A call is told before what was published: a document that says
 * "Available" is older than the call. Nobody who has one is closed.
 */
export function toldPresence(
  board: Board | null,
  style: Pick<DocumentStyle, 'order' | 'view'>,
): ToldPresence {
  // Notes and activities say more than the lamp.
  if (board === null || style.view !== 'all') return { basic: 'open', ...TELLING[statusOf(board, style)] };
  const published = combinePresence(board.publications);
  const calls = board.publications.filter(({ presence }) => presence === null);
  const status = statusOf({ ...board, publications: calls }, style);
  const telling = TELLING[status];
  const words = status === 'idle' ? (published?.note ?? telling.note) : telling.note;
  return {
    basic: status === 'idle' ? (published?.basic ?? 'open') : 'open',
    activities: [...new Set([...telling.activities, ...(published?.activities ?? [])])],
    note: board.manual?.note ?? words,
  };
}

function statusOf(board: Board | null, style: Pick<DocumentStyle, 'order' | 'view'>): LampStatus {
  const [dialog] = dialogsSeen(board, style);
  return dialog === undefined ? 'idle' : lampStatus(dialog);
}
