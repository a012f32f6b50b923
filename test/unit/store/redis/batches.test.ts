import { describe, expect, it } from 'vitest';
import { batches, chunks } from '../../../../src/store/redis/batches.ts';

describe('batches()', () => {
  it('puts all positions into one command on a single Redis', () => {
    expect(batches([7, 3, 7], false)).toEqual([[0, 1, 2]]);
  });

  it('puts only positions of one bucket into one command on a Cluster', () => {
    expect(batches([7, 3, 7], true)).toEqual([[0, 2], [1]]);
  });

  it('gives no command more than 256 keys', () => {
    const buckets = Array.from({ length: 600 }, () => 1);
    for (const cluster of [true, false]) {
      expect(batches(buckets, cluster).map((group) => group.length)).toEqual([256, 256, 88]);
    }
  });

  it('makes no command for nothing', () => {
    expect(batches([], false)).toEqual([]);
    expect(batches([], true)).toEqual([]);
  });
});

describe('chunks()', () => {
  it('keeps the order', () => {
    expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  });
});
