import { describe, expect, it } from 'vitest';
import { boardDeadline } from '../../../src/presence/board.ts';
import { expireBoard } from '../../../src/presence/expiry.ts';
import { boardWith, changeAt } from '../../support/boards.ts';
import { publication } from '../../support/published.ts';

const MANUAL = { status: 'busy', dialogId: 'd1', expiresAt: 5_000 } as const;
const LEG = { id: 'leg1', state: 'early', expiresAt: 7_000 } as const;

describe('boardDeadline()', () => {
  it('is the first of all expiries', () => {
    expect(boardDeadline(boardWith({ manual: MANUAL, legs: [LEG] }))).toBe(5_000);
    expect(boardDeadline(boardWith({ legs: [LEG] }))).toBe(7_000);
    expect(boardDeadline(boardWith({}))).toBeNull();
  });
});

describe('expireBoard()', () => {
  it('gives back the same board before the deadline', () => {
    const board = boardWith({ manual: MANUAL, legs: [LEG] });
    expect(expireBoard(board, changeAt(4_999))).toBe(board);
  });

  it('takes away only what has run out', () => {
    const board = boardWith({ manual: MANUAL, legs: [LEG] });
    expect(expireBoard(board, changeAt(5_000))).toMatchObject({
      rev: 2,
      manual: null,
      legs: [{ id: 'leg1' }],
    });
  });

  it('is one change, whatever runs out together', () => {
    const board = boardWith({ manual: MANUAL, legs: [LEG] });
    expect(expireBoard(board, changeAt(9_000))).toMatchObject({
      rev: 2,
      manual: null,
      legs: [],
      lastDialogId: 'leg1',
    });
  });

  it('takes publications away, and remembers their dialogs for a minute', () => {
    const publications = [
      publication({ etag: 'gone', expiresAt: 6_000, legs: [{ ...LEG, id: 'd1', expiresAt: 6_000 }] }),
      publication({ etag: 'stays', expiresAt: 9_000 }),
    ];
    const board = boardWith({ manual: MANUAL, publications });
    expect(boardDeadline(boardWith({ publications }))).toBe(6_000);
    expect(expireBoard(board, changeAt(6_000))).toMatchObject({
      rev: 2,
      manual: null,
      publications: [{ etag: 'stays' }],
      ended: [{ id: 'd1', until: 66_000, lapsed: true }],
      lastDialogId: 'd1',
    });
  });
});
