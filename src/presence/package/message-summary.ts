import type { Board } from '../board.ts';
import { compileDocument, type DocumentTemplate } from './document.ts';

/** The body type of the message-summary event package (RFC 3842 §3.5). */
export const MESSAGE_SUMMARY = 'application/simple-message-summary';

/**
 * The message summary of a board (RFC 3842 §5.2): whether messages wait, whose they are, and how many, new and old, the
 * urgent ones in brackets. A mailbox that nobody has ever said anything of has no messages.
 */
export function encodeMessageSummary(board: Board | null): DocumentTemplate {
  const { newMessages, oldMessages, newUrgent, oldUrgent, account } = board?.mail ?? NO_MAIL;
  const lines = [
    `Messages-Waiting: ${newMessages > 0 ? 'yes' : 'no'}`,
    ...(account === undefined ? [] : [`Message-Account: ${account}`]),
    `Voice-Message: ${newMessages}/${oldMessages} (${newUrgent}/${oldUrgent})`,
  ];
  return compileDocument(MESSAGE_SUMMARY, lines.map((line) => `${line}\r\n`).join(''));
}

const NO_MAIL = { newMessages: 0, oldMessages: 0, newUrgent: 0, oldUrgent: 0, account: undefined };
