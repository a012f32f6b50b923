import { expect, test } from 'vitest';
import { Refusals } from '../../../src/notifier/refusals.ts';

test('a refusal is known while copies may come: 32 s (RFC 3261 §17.1.2.2), and is forgotten after twice as long', () => {
  const refusals = new Refusals();
  expect(refusals.empty).toBe(true);
  refusals.add('one', 40_000);
  expect(refusals.empty).toBe(false);
  expect([refusals.has('one', 40_000), refusals.has('two', 40_000)]).toEqual([true, false]);
  expect(refusals.has('one', 72_000)).toBe(true);
  expect(refusals.has('one', 104_000)).toBe(false);
  expect(refusals.empty).toBe(true);
});

test('no more are kept than memory has room for', () => {
  const refusals = new Refusals();
  for (let index = 0; index < 250_000; index += 1) refusals.add(`${index}`, 1);
  expect([refusals.has('0', 1), refusals.has('100000', 1), refusals.has('249999', 1)]).toEqual([
    false,
    true,
    true,
  ]);
});
