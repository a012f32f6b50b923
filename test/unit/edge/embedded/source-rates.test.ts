import { expect, test } from 'vitest';
import { SourceRates } from '../../../../src/edge/embedded/source-rates.ts';

const RATE = { perSecond: 100, burst: 10 };

function taken(rates: SourceRates, times: number, now: number, source = 'a'): string[] {
  return Array.from({ length: times }, () => rates.take(source, now));
}

test('a source has its burst at once, then is over its rate', () => {
  const rates = new SourceRates(RATE);
  expect(taken(rates, 10, 0)).toEqual(Array(10).fill('serve'));
  expect(rates.take('a', 0)).not.toBe('serve');
});

test('tokens come back at the rate, up to the burst', () => {
  const rates = new SourceRates(RATE);
  taken(rates, 10, 0);
  expect(taken(rates, 3, 20).map((verdict) => verdict === 'serve')).toEqual([true, true, false]);
  const later = taken(rates, 12, 60_000);
  expect(later.filter((verdict) => verdict === 'serve')).toHaveLength(10);
});

test('one source does not take from another', () => {
  const rates = new SourceRates(RATE);
  taken(rates, 50, 0, 'a');
  expect(rates.take('b', 0)).toBe('serve');
});

test('a source over its rate is worth an answer ten times a second, not at each request', () => {
  const rates = new SourceRates({ perSecond: 1, burst: 1 });
  rates.take('a', 0);
  expect(taken(rates, 5, 1)).toEqual(['refuse', 'drop', 'drop', 'drop', 'drop']);
  expect(rates.take('a', 100)).toBe('drop');
  expect(rates.take('a', 101)).toBe('refuse');
});

test('100,000 sources in a row leave no more behind than 20,000', () => {
  const rates = new SourceRates(RATE);
  for (let count = 0; count < 100_000; count += 1) rates.take(`source ${count}`, count);
  expect(rates.size).toBeLessThanOrEqual(20_000);
});
