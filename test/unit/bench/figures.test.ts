import { expect, test } from 'vitest';
import { median, ratioOf } from '../../bench/figures.ts';

test('the median of an even count lies between the two in the middle; there is none of nothing', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test('ratios are taken round by round: what disturbs a round disturbs both', () => {
  expect(ratioOf([10, 100, 20], [20, 200, 40])).toBe(0.5);
  expect(ratioOf([10, 100], [20])).toBe(0.5);
  expect(ratioOf([], [20])).toBeNaN();
});
