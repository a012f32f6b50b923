import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../../src/errors.ts';
import { Gathered } from '../../../../src/store/redis/gathered.ts';

/** Doubles numbers; `calls` has what was done in one go. */
function doubling(fail: (items: readonly number[]) => Fault | null = () => null) {
  const calls: (readonly number[])[] = [];
  const gathered = new Gathered(async (items: readonly number[]) => {
    calls.push(items);
    const fault = fail(items);
    if (fault !== null) throw fault;
    return items.map((item) => 2 * item);
  });
  return { gathered, calls };
}

describe('gathered work', () => {
  it('what is asked for in one turn is done in one go, in its order, and each gets its own result', async () => {
    const { gathered, calls } = doubling();
    expect(await Promise.all([gathered.add(1), gathered.add(2), gathered.add(3)])).toEqual([2, 4, 6]);
    expect(await gathered.add(4)).toBe(8);
    expect(calls).toEqual([[1, 2, 3], [4]]);
  });

  it('flush() does not wait for the end of the turn, and nothing is done twice', async () => {
    const { gathered, calls } = doubling();
    const result = gathered.add(1);
    gathered.flush();
    expect(calls).toEqual([[1]]);
    gathered.flush();
    await turn();
    expect(calls).toHaveLength(1);
    expect(await result).toBe(2);
  });

  it('a group is of bounded size', async () => {
    const { gathered, calls } = doubling();
    await Promise.all(Array.from({ length: 300 }, (_, index) => gathered.add(index)));
    expect(calls.map((items) => items.length)).toEqual([128, 128, 44]);
  });

  it('when the store is away all fail with it, and are not tried again', async () => {
    const { gathered, calls } = doubling(() => new Fault('STORE_AWAY', 'Cannot write: it is away'));
    const results = await Promise.allSettled([gathered.add(1), gathered.add(2)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(calls).toHaveLength(1);
  });

  it('one that meets a corrupt value fails alone', async () => {
    const { gathered } = doubling((items) =>
      items.includes(2) ? new Fault('STORE_CORRUPT', 'Cannot read: it is corrupt') : null,
    );
    const results = await Promise.allSettled([gathered.add(1), gathered.add(2), gathered.add(3)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
