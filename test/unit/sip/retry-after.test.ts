import { expect, test } from 'vitest';
import { parseRetryAfter, retryAfter } from '../../../src/sip/retry-after.ts';

test('RFC 3261 §20.33: the seconds come first, a comment or parameters may follow', () => {
  expect(parseRetryAfter('18000')).toBe(18_000);
  expect(parseRetryAfter(' 120 (I am in a meeting)')).toBe(120);
  expect(parseRetryAfter('18000;duration=3600')).toBe(18_000);
});

test('what begins with no digits is no Retry-After', () => {
  for (const value of ['', 'soon', '-5', '(5)']) expect(parseRetryAfter(value)).toBeNull();
});

test('more than delta-seconds may be means as much as they may (RFC 3261 §20.19)', () => {
  expect(parseRetryAfter('9'.repeat(400))).toBe(2 ** 32 - 1);
});

test('retryAfter() spreads those who come back, the more the fuller it is (RFC 3261 §20.33)', () => {
  const spans = (['ending', 'rate', 'away', 'busy', 'full'] as const).map((why) =>
    [0, 0.9999].map((drawn) => Number(retryAfter(why, () => drawn)[1])),
  );
  expect(spans).toEqual([
    [2, 9],
    [5, 9],
    [5, 24],
    [5, 29],
    [15, 74],
  ]);
  expect(retryAfter('busy', () => 0)).toEqual(['retry-after', '5']);
});
