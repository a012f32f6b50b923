import { describe, expect, test } from 'vitest';
import { MergedRequests } from '../../../../src/edge/drachtio/merged-requests.ts';

const LIFETIME_MS = 32_000;

describe('MergedRequests', () => {
  test('RFC 3261 §8.2.2.2: the same request within 32 s is a copy, counted from the first', () => {
    const merged = new MergedRequests();
    expect(merged.isCopy('a', 1000)).toBe(false);
    expect(merged.isCopy('a', 1000)).toBe(true);
    expect(merged.isCopy('b', 1000)).toBe(false);
    expect(merged.isCopy('a', 1000 + LIFETIME_MS - 1)).toBe(true);
    expect(merged.isCopy('a', 1000 + LIFETIME_MS)).toBe(false);
    expect(merged.isCopy('a', 1000 + LIFETIME_MS)).toBe(true);
  });

  test('however late in a lifetime the first was seen', () => {
    const merged = new MergedRequests();
    merged.isCopy('a', 0);
    merged.isCopy('b', LIFETIME_MS - 1);
    merged.isCopy('c', LIFETIME_MS);
    expect(merged.isCopy('b', 2 * LIFETIME_MS - 2)).toBe(true);
    expect(merged.isCopy('b', 2 * LIFETIME_MS - 1)).toBe(false);
    expect(merged.isCopy('c', 2 * LIFETIME_MS - 1)).toBe(true);
    expect(merged.isCopy('c', 2 * LIFETIME_MS)).toBe(false);
  });

  test('after a silence nothing of before it counts', () => {
    const merged = new MergedRequests();
    merged.isCopy('a', 0);
    expect(merged.isCopy('a', 10 * LIFETIME_MS)).toBe(false);
    expect(merged.isCopy('a', 10 * LIFETIME_MS)).toBe(true);
  });
});
