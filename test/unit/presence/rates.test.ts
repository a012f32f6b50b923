import { describe, expect, it } from 'vitest';
import { formatRates, grantRates, repeatDelay } from '../../../src/presence/rates.ts';

describe('grantRates()', () => {
  it('gives none to a subscription that asks for none', () => {
    expect(grantRates({}, 600)).toBeNull();
  });

  it('RFC 6446 §5.3: raises a maximum that would not allow one NOTIFY in the subscription', () => {
    expect(grantRates({ max: 0.0001 }, 100)).toEqual({ max: 0.01 });
    expect(grantRates({ max: 0.5 }, 100)).toEqual({ max: 0.5 });
  });

  it('RFC 6446 §8: a minimum is never above the maximum', () => {
    expect(grantRates({ max: 0.05, min: 0.1, adaptiveMin: 0.2 }, 600)).toEqual({
      max: 0.05,
      min: 0.05,
      adaptiveMin: 0.05,
    });
  });

  it('RFC 6446 §6.3: tells again without news once in five seconds at most', () => {
    expect(grantRates({ min: 50 }, 600)).toEqual({ min: 0.2 });
  });
});

describe('formatRates()', () => {
  it('RFC 6446 §9: writes decimals without exponent or empty fraction', () => {
    expect(formatRates({ max: 1, min: 0.00001, adaptiveMin: 0.25 })).toBe(
      ';max-rate=1;min-rate=0.00001;adaptive-min-rate=0.25',
    );
    expect(formatRates(null)).toBe('');
    expect(formatRates({ max: 10 })).toBe(';max-rate=10');
  });
});

describe('repeatDelay()', () => {
  it('is endless without a minimum', () => {
    expect(repeatDelay(null, [], 0)).toBe(Number.POSITIVE_INFINITY);
    expect(repeatDelay({ max: 1 }, [0], 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('RFC 6446 §6.2: is the interval of the minimum', () => {
    expect(repeatDelay({ min: 0.1 }, [0], 0)).toBe(10_000);
  });

  it('RFC 6446 §7.3: comes to the adaptive minimum on average, sooner after silence, later after a burst', () => {
    const rate = 0.1;
    const steady = Array.from({ length: 10 }, (_, index) => 10_000 * index + 1);
    expect(repeatDelay({ adaptiveMin: rate }, steady, 99_000)).toBeCloseTo(10_000);
    expect(repeatDelay({ adaptiveMin: rate }, [99_000], 99_000)).toBeCloseTo(1_000);
    const burst = Array.from({ length: 20 }, (_, index) => 80_000 + index);
    expect(repeatDelay({ adaptiveMin: rate }, burst, 99_000)).toBeCloseTo(20_000);
  });
});
