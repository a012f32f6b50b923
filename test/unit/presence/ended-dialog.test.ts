import { describe, expect, it } from 'vitest';
import { cameLate, endedDialog, rememberEnded, sameDialog } from '../../../src/presence/ended-dialog.ts';

describe('sameDialog()', () => {
  it.each([
    ['the same id alone', { id: '1' }, { id: '1' }, true],
    ['another id', { id: '1' }, { id: '2' }, false],
    [
      'the same id, and tags that only one side knows yet',
      { id: '1', callId: 'c' },
      { id: '1', remoteTag: 'r' },
      true,
    ],
    ['the same id in another call', { id: '1', callId: 'c' }, { id: '1', callId: 'd' }, false],
    ['another branch of a fork', { id: '1', localTag: 'a' }, { id: '1', localTag: 'b' }, false],
    ['another answer to a fork', { id: '1', remoteTag: 'a' }, { id: '1', remoteTag: 'b' }, false],
  ])('%s', (_, one, other, same) => {
    expect([sameDialog(one, other), sameDialog(other, one)]).toEqual([same, same]);
  });
});

describe('cameLate()', () => {
  const over = endedDialog({ id: '1' }, { now: 0, lapsed: false });
  const lapsed = endedDialog({ id: '1' }, { now: 0, lapsed: true });

  it('is true for a minute after the end', () => {
    expect(cameLate({ id: '1', state: 'confirmed' }, [over], 59_999)).toBe(true);
    expect(cameLate({ id: '1', state: 'confirmed' }, [over], 60_000)).toBe(false);
    expect(cameLate({ id: '2', state: 'confirmed' }, [over], 0)).toBe(false);
  });

  it('lets an answered call come back of which nobody said that it ended', () => {
    expect(cameLate({ id: '1', state: 'confirmed' }, [lapsed], 0)).toBe(false);
    expect(cameLate({ id: '1', state: 'early' }, [lapsed], 0)).toBe(true);
    expect(cameLate({ id: '1', state: 'confirmed' }, [lapsed, over], 0)).toBe(true);
  });
});

describe('rememberEnded()', () => {
  it('keeps one entry for each dialog, and the newest 64', () => {
    const one = endedDialog({ id: '1' }, { now: 0, lapsed: true });
    const again = endedDialog({ id: '1' }, { now: 5, lapsed: false });
    expect(rememberEnded([one], [again])).toEqual([again]);
    const many = Array.from({ length: 70 }, (_, n) =>
      endedDialog({ id: `d${n}` }, { now: 0, lapsed: false }),
    );
    expect(rememberEnded([one], many).map(({ id }) => id)).toEqual(many.slice(6).map(({ id }) => id));
  });
});
