import { expect, test } from 'vitest';
import { parseRetryAfter } from '../../../src/sip/retry-after.ts';

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
