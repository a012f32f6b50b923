import { describe, expect, it } from 'vitest';
import { HeardBucket } from '../../../../src/store/redis/heard-bucket.ts';

function begunAt(stored: number): HeardBucket {
  const heard = new HeardBucket();
  heard.begin(stored);
  return heard;
}

describe('HeardBucket', () => {
  it('hears numbers that follow each other without a gap', () => {
    const heard = begunAt(5);
    expect([6, 7, 8].map((seq) => heard.hear(seq))).toEqual(['next', 'next', 'next']);
  });

  it('takes whatever comes first when nothing is known', () => {
    expect(new HeardBucket().hear(41)).toBe('next');
  });

  it('notices a jump once', () => {
    const heard = begunAt(5);
    expect([8, 9].map((seq) => heard.hear(seq))).toEqual(['gap', 'next']);
  });

  it('lets messages come late that the counter had already shown', () => {
    const heard = begunAt(5);
    expect([4, 5, 6].map((seq) => heard.hear(seq))).toEqual(['late', 'late', 'next']);
  });

  it('notices numbers that go back', () => {
    const heard = begunAt(5);
    heard.hear(6);
    expect(heard.hear(1)).toBe('back');
  });

  it('compare() is behind while the counter shows more than was heard', () => {
    const heard = begunAt(5);
    expect(heard.compare(6, 5)).toBe('behind');
    heard.hear(6);
    expect(heard.compare(6, 5)).toBe('same');
  });

  it('compare() does not take an old counter for one that went back', () => {
    const heard = begunAt(5);
    heard.hear(6);
    expect(heard.compare(5, 5)).toBe('same');
    expect(heard.compare(4, 5)).toBe('back');
  });

  it('compare() begins anew after reset()', () => {
    const heard = begunAt(5);
    heard.reset();
    expect(heard.compare(9, null)).toBe('same');
    expect(heard.hear(10)).toBe('next');
  });
});
