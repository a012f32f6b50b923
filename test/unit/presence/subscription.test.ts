import { describe, expect, it } from 'vitest';
import {
  activeState,
  grantExpires,
  judgeStatus,
  judgeTimeout,
  spreadExpires,
  terminatedState,
} from '../../../src/presence/subscription.ts';

const LIMITS = { min: 60, max: 7200, byDefault: 3600 };

describe('grantExpires()', () => {
  it('RFC 6665 §3.1.1: takes the default of the package when there is no Expires', () => {
    expect(grantExpires(null, LIMITS)).toEqual({ kind: 'granted', seconds: 3600 });
  });

  it('RFC 6665 §3.1.1: never grants more than was asked', () => {
    expect(grantExpires(600, LIMITS)).toEqual({ kind: 'granted', seconds: 600 });
    expect(grantExpires(86_400, LIMITS)).toEqual({ kind: 'granted', seconds: 7200 });
  });

  it('RFC 6665 §4.2.1.1: refuses what is above zero and below the minimum', () => {
    expect(grantExpires(59, LIMITS)).toEqual({ kind: 'too-brief', min: 60 });
    expect(grantExpires(60, LIMITS)).toEqual({ kind: 'granted', seconds: 60 });
    expect(grantExpires(0, LIMITS)).toEqual({ kind: 'granted', seconds: 0 });
  });

  it('RFC 6665 §4.2.1.1: an hour or more is never too brief', () => {
    expect(grantExpires(3600, { ...LIMITS, min: 4000 })).toEqual({ kind: 'granted', seconds: 3600 });
  });
});

describe('spreadExpires()', () => {
  const spread = (granted: number, drawn: number, jitter = 0.1) =>
    spreadExpires(granted, { jitter, min: 60, random: () => drawn });

  it('takes off up to a part of the duration, never adds (RFC 6665 §4.2.1.1)', () => {
    expect([0, 0.5, 0.999].map((drawn) => spread(3600, drawn))).toEqual([3600, 3420, 3240]);
  });

  it('leaves what was asked without jitter', () => {
    expect(spread(3600, 0.9, 0)).toBe(3600);
  });

  it('does not go below the minimum', () => {
    expect([spread(62, 0.999), spread(60, 0.999), spread(60, 0.999, 0.5)]).toEqual([60, 60, 60]);
  });

  it('leaves what is shorter than the minimum, and zero', () => {
    expect([spread(10, 0.999), spread(0, 0.999)]).toEqual([10, 0]);
  });

  it('draws a storm apart: no second of the next refreshes has more than 2 % of it, and each refresh draws again', () => {
    const random = generator(7);
    const phones = Array.from({ length: 20_000 }, () => 0);
    const loads = [1, 2, 3].map(() => {
      for (const [phone, at] of phones.entries()) {
        phones[phone] = at + spreadExpires(3600, { jitter: 0.1, min: 60, random }) / 2;
      }
      return busiestSecond(phones) / phones.length;
    });
    // Half of a tenth of an hour: 180 s after one round, and wider with every further one.
    expect(loads[0]).toBeLessThan(0.02);
    expect(loads[2]).toBeLessThan(loads[0] ?? 0);
    const together = phones.map(() => spreadExpires(3600, { jitter: 0, min: 60, random }) / 2);
    expect(busiestSecond(together)).toBe(phones.length);
  });
});

function busiestSecond(times: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const time of times) counts.set(Math.floor(time), (counts.get(Math.floor(time)) ?? 0) + 1);
  return Math.max(...counts.values());
}

/** Numbers from 0 to below 1 that are the same in every run. */
function generator(seed: number): () => number {
  let last = seed;
  return () => {
    last = (Math.imul(last, 1_664_525) + 1_013_904_223) >>> 0;
    return last / 2 ** 32;
  };
}

describe('Subscription-State', () => {
  it('RFC 6665 §4.2.2: active says the seconds that are left', () => {
    expect(activeState(61_500, 2_000)).toBe('active;expires=60');
    expect(activeState(1_000, 2_000)).toBe('active;expires=0');
  });

  it('RFC 6665 §4.2.2: terminated has a reason and no expires', () => {
    expect(terminatedState('timeout')).toBe('terminated;reason=timeout');
  });
});

describe('judgeStatus()', () => {
  it.each([404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604])(
    'RFC 6665 §4.2.2: %i ends the subscription',
    (status) => {
      expect(judgeStatus(status)).toBe('lost');
    },
  );

  it.each([401, 407, 491, 500, 503, 603])('%i keeps it', (status) => {
    expect(judgeStatus(status)).toBe('failed');
  });

  it.each([200, 202])('%i confirms the NOTIFY', (status) => {
    expect(judgeStatus(status)).toBe('accepted');
  });
});

describe('judgeTimeout()', () => {
  it('gives a phone up at the third timeout in a row: one lost NOTIFY must not end a subscription', () => {
    expect([1, 2, 3].map(judgeTimeout)).toEqual(['failed', 'failed', 'lost']);
  });
});
