import { expect, it } from 'vitest';
import { boardDeadline, isBlank } from '../../../src/presence/board.ts';
import { setMail } from '../../../src/presence/mail-summary.ts';
import { boardWith, changeAt, NIGHT } from '../../support/boards.ts';

const MAIL = { newMessages: 1, oldMessages: 0, newUrgent: 0, oldUrgent: 0 };

it('setMail() makes a new board that stays until it is changed', () => {
  const board = setMail(null, NIGHT, { mail: MAIL, context: changeAt(5) });
  expect(board).toMatchObject({ rev: 1, mail: MAIL, changedAt: 5 });
  expect(board !== null && [isBlank(board), boardDeadline(board)]).toEqual([false, null]);
});

it('setMail() changes nothing when the counts are the same, or nothing was known of what is forgotten', () => {
  const board = boardWith({ mail: MAIL });
  expect(setMail(board, NIGHT, { mail: { ...MAIL }, context: changeAt(5) })).toBe(board);
  expect(setMail(null, NIGHT, { mail: null, context: changeAt(5) })).toBeNull();
});

it('setMail() forgets what is null', () => {
  const board = setMail(boardWith({ mail: MAIL }), NIGHT, { mail: null, context: changeAt(5) });
  expect(board).toMatchObject({ rev: 2, mail: null });
});
