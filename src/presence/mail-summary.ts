import { type Board, type ChangeContext, nextBoard } from './board.ts';
import type { Resource } from './resource.ts';

/** The messages that wait in a mailbox (RFC 3842 §5.2), of the class voice-message. Counts are whole and not negative. */
export interface MailSummary {
  readonly newMessages: number;
  readonly oldMessages: number;
  /** How many of the new ones are urgent. */
  readonly newUrgent: number;
  readonly oldUrgent: number;
  /** The URI to call for listening to them. */
  readonly account?: string;
}

/** Sets what waits for a resource; null forgets it. The board given comes back when nothing changes. */
export function setMail(
  current: Board | null,
  resource: Resource,
  to: { readonly mail: MailSummary | null; readonly context: ChangeContext },
): Board | null {
  const { mail, context } = to;
  if (isSame(current?.mail ?? null, mail)) return current;
  return nextBoard(current, resource, { patch: { mail }, context });
}

const COUNTS = ['newMessages', 'oldMessages', 'newUrgent', 'oldUrgent', 'account'] as const;

function isSame(before: MailSummary | null, after: MailSummary | null): boolean {
  if (before === null || after === null) return before === after;
  return COUNTS.every((name) => before[name] === after[name]);
}
