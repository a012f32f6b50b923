import { describe, expect, it } from 'vitest';
import {
  activeState,
  grantExpires,
  judgeStatus,
  judgeTimeout,
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
