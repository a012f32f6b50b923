import { describe, expect, it } from 'vitest';
import {
  type PacingInput,
  type PacingState,
  pace,
  rateArrival,
  rateDelay,
  retryDelay,
} from '../../../src/presence/pacing.ts';

describe('pace()', () => {
  it.each<[string, PacingState, PacingInput, PacingState, string]>([
    ['a change of a quiet subscription waits for its rate', 'quiet', 'changed', 'waiting', 'wait-rate'],
    ['when the wait is over it is sent', 'waiting', 'due', 'sending', 'send'],
    [
      'RFC 6665 §4.2.1.2: a SUBSCRIBE is followed by a NOTIFY at once',
      'waiting',
      'demand',
      'sending',
      'send',
    ],
    ['one NOTIFY in flight: a change only marks it', 'sending', 'changed', 'outdated', 'none'],
    ['any number of changes mark it once', 'outdated', 'changed', 'outdated', 'none'],
    ['the answer to the first sends the newest state', 'outdated', 'accepted', 'waiting', 'wait-rate'],
    ['a SUBSCRIBE while a NOTIFY is in flight gets its own', 'sending', 'demand', 'demanded', 'none'],
    ['... when that one is answered', 'demanded', 'accepted', 'sending', 'send'],
    [
      'a failure that does not end the subscription is tried again',
      'sending',
      'failed',
      'waiting',
      'wait-retry',
    ],
    ['RFC 6665 §4.2.2: some answers end the subscription', 'sending', 'lost', 'closed', 'forget'],
    ['the end waits for the NOTIFY in flight', 'sending', 'end', 'ending', 'none'],
    ['... and then the last one goes out', 'ending', 'accepted', 'closing', 'send-last'],
    ['the last one is sent once, whatever becomes of it', 'closing', 'failed', 'closed', 'forget'],
    ['the end of a quiet subscription is told at once', 'quiet', 'end', 'closing', 'send-last'],
    ['a wait does not delay the end', 'waiting', 'end', 'closing', 'send-last'],
    ['nothing wakes a closed subscription', 'closed', 'changed', 'closed', 'none'],
    [
      'one in flight, of another node: a quiet subscription waits for its end',
      'quiet',
      'taken',
      'sending',
      'none',
    ],
    ['... and what waits is told after it', 'waiting', 'taken', 'outdated', 'none'],
    ['a timer that fires late means nothing', 'quiet', 'due', 'quiet', 'none'],
  ])('%s', (_, state, input, next, action) => {
    expect(pace(state, input)).toEqual({ state: next, action });
  });
});

describe('rateDelay()', () => {
  const rate = { burst: 3, perSecond: 1 };

  it('lets a burst of three pass and then one a second (RFC 4235 §3.10)', () => {
    let arrival = 0;
    const sentAt: number[] = [];
    let now = 10_000;
    for (let index = 0; index < 6; index += 1) {
      now += rateDelay(arrival, now, rate);
      sentAt.push(now);
      arrival = rateArrival(arrival, now, rate);
    }
    expect(sentAt).toEqual([10_000, 10_000, 10_000, 11_000, 12_000, 13_000]);
  });

  it('has the whole burst again after a rest', () => {
    let arrival = 0;
    for (let index = 0; index < 3; index += 1) arrival = rateArrival(arrival, 10_000, rate);
    expect(rateDelay(arrival, 10_000, rate)).toBe(1_000);
    expect(rateDelay(arrival, 13_000, rate)).toBe(0);
  });
});

describe('retryDelay()', () => {
  it('waits 2, 10 and then always 30 seconds', () => {
    expect([1, 2, 3, 4, 9].map((failures) => retryDelay(failures, null))).toEqual([
      2_000, 10_000, 30_000, 30_000, 30_000,
    ]);
  });

  it('waits as long as Retry-After asks, an hour at most', () => {
    expect(retryDelay(1, 7)).toBe(7_000);
    expect(retryDelay(1, 99_999)).toBe(3_600_000);
  });
});
