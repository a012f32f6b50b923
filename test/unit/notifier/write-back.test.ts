import { describe, expect, it } from 'vitest';
import { writeBack } from '../../../src/notifier/write-back.ts';
import { boardWith } from '../../support/boards.ts';

const manual = { status: 'busy', dialogId: 'd1' } as const;
const ours = boardWith({ rev: 3, change: 'ours', changedAt: 3_000, manual });

describe('writeBack()', () => {
  it('gives what is stored while this node knows nothing', () => {
    const stored = boardWith({ rev: 1, manual });
    expect(writeBack(stored, null)).toBe(stored);
  });

  it('gives back what a flush took, unless it said nothing', () => {
    expect(writeBack(null, ours)).toBe(ours);
    expect(writeBack(null, boardWith({ rev: 3 }))).toBeNull();
  });

  it('gives back what a failover took, as long as nobody has changed what was left of it', () => {
    expect(writeBack(boardWith({ rev: 2, changedAt: 2_000 }), ours)).toBe(ours);
    expect(writeBack(boardWith({ rev: 2, changedAt: 3_000 }), ours)).toBe(ours);
  });

  it('lets a change stand that came after the failover, although its rev is lower', () => {
    const later = boardWith({ rev: 2, changedAt: 5_000 });
    expect(writeBack(later, ours)).toBe(later);
  });

  it('lets stand what has the same rev or a higher one', () => {
    const other = boardWith({ rev: 3, change: 'other', changedAt: 1_000 });
    expect(writeBack(other, ours)).toBe(other);
  });
});
