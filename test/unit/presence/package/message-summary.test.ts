import { expect, it } from 'vitest';
import type { MailSummary } from '../../../../src/presence/mail-summary.ts';
import { fillDocument } from '../../../../src/presence/package/document.ts';
import { encodeMessageSummary } from '../../../../src/presence/package/message-summary.ts';
import { boardWith } from '../../../support/boards.ts';

const text = (mail: MailSummary | null) => fillDocument(encodeMessageSummary(boardWith({ mail })), '', 0);
const counts = { newMessages: 0, oldMessages: 0, newUrgent: 0, oldUrgent: 0 };

it('RFC 3842 §5.2: says whether messages wait, whose they are, and how many', () => {
  const mail = {
    newMessages: 4,
    oldMessages: 8,
    newUrgent: 1,
    oldUrgent: 2,
    account: 'sip:alice@vmail.example',
  };
  expect(text(mail)).toBe(
    'Messages-Waiting: yes\r\nMessage-Account: sip:alice@vmail.example\r\nVoice-Message: 4/8 (1/2)\r\n',
  );
});

it('RFC 3842 §3.5: old messages alone are none that wait', () => {
  expect(text({ ...counts, oldMessages: 3 })).toBe('Messages-Waiting: no\r\nVoice-Message: 0/3 (0/0)\r\n');
});

it('RFC 3842 §3.5: a mailbox of which nothing is known has no messages', () => {
  expect(text(null)).toBe('Messages-Waiting: no\r\nVoice-Message: 0/0 (0/0)\r\n');
});
