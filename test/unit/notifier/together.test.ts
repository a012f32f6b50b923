import { describe, expect, it } from 'vitest';
import { together } from '../../../src/notifier/together.ts';

describe('together()', () => {
  it('does at most so many at a time, and all of them', async () => {
    let underWay = 0;
    let most = 0;
    const done: number[] = [];
    await together([...Array(7).keys()], 3, async (item, index) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await Promise.resolve();
      underWay -= 1;
      expect(index).toBe(item);
      done.push(item);
    });
    expect(most).toBe(3);
    expect(done.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('rejects with the first failure when those beside it have ended, and begins no more', async () => {
    const done: number[] = [];
    const work = async (item: number) => {
      if (item === 1) throw new Error('one');
      await Promise.resolve();
      done.push(item);
    };
    await expect(together([0, 1, 2, 3, 4, 5], 3, work)).rejects.toThrow('one');
    expect(done).toEqual([0, 2]);
  });
});
