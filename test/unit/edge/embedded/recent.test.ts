import { expect, test } from 'vitest';
import { Recent } from '../../../../src/edge/embedded/recent.ts';

test('Recent keeps what was set', () => {
  const recent = new Recent<number>(10);
  recent.set('a', 1);
  expect([recent.get('a'), recent.get('b')]).toEqual([1, undefined]);
});

test('Recent never grows beyond twice its size', () => {
  const recent = new Recent<number>(100);
  for (let count = 0; count < 100_000; count += 1) recent.set(`key ${count}`, count);
  expect(recent.size).toBeLessThanOrEqual(200);
  expect(recent.get('key 99999')).toBe(99_999);
  expect(recent.get('key 0')).toBeUndefined();
});

test('Recent keeps what is used again and again', () => {
  const recent = new Recent<number>(100);
  recent.set('mine', 7);
  for (let count = 0; count < 10_000; count += 1) {
    recent.set(`key ${count}`, count);
    if (count % 50 === 0) expect(recent.get('mine')).toBe(7);
  }
});
