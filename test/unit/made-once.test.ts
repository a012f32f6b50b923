import { expect, test, vi } from 'vitest';
import { madeOnce } from '../../src/made-once.ts';

test('a result is made once for each key, also one that is null, false or undefined', () => {
  const results: Readonly<Record<string, unknown>> = { null: null, no: false, text: 'text' };
  const make = vi.fn((key: string) => results[key]);
  const once = madeOnce(make, 10);
  for (const key of ['null', 'no', 'text', 'nothing']) {
    expect(once(key)).toBe(results[key]);
    expect(once(key)).toBe(results[key]);
  }
  expect(make).toHaveBeenCalledTimes(4);
});

test('no more keys than wanted are kept: one too many, and all are made anew', () => {
  const make = vi.fn((key: string) => key.length);
  const once = madeOnce(make, 2);
  for (const key of ['a', 'b', 'a', 'b']) once(key);
  expect(make).toHaveBeenCalledTimes(2);
  once('c');
  expect(once('a')).toBe(1);
  expect(make).toHaveBeenCalledTimes(4);
});

test('a key whose making throws is tried again', () => {
  const make = vi
    .fn(() => 'made')
    .mockImplementationOnce(() => {
      throw new Error('not yet');
    });
  const once = madeOnce(make, 2);
  expect(() => once('a')).toThrow('not yet');
  expect(once('a')).toBe('made');
});
