import { describe, expect, test } from 'vitest';
import { Lifeline } from '../../../../src/edge/embedded/lifeline.ts';
import { WIDE_LIMITS } from '../../../support/embedded-edge.ts';

const LIMITS = { ...WIDE_LIMITS, messageMs: 100, idleMs: 10_000, pingMs: 1_000 };
const NOTHING = (): void => {};

describe('a stream', () => {
  test('of which nothing whole is heard in time is slow, however often it sends', () => {
    const line = new Lifeline(0, NOTHING);
    for (let now = 10; now <= 100; now += 10) line.heard(now, { whole: false, partial: true });
    expect(line.judge(100, LIMITS)).toBe('fine');
    expect(line.judge(101, LIMITS)).toBe('slow');
  });

  test('that has sent a message whole is waited for no longer', () => {
    const line = new Lifeline(0, NOTHING);
    line.heard(50, { whole: true, partial: false });
    expect(line.judge(9_000, LIMITS)).toBe('fine');
  });

  test('has as long for each further message, from its first octet', () => {
    const line = new Lifeline(0, NOTHING);
    line.heard(50, { whole: true, partial: false });
    line.heard(5_000, { whole: false, partial: true });
    line.heard(5_090, { whole: true, partial: true });
    expect(line.judge(5_190, LIMITS)).toBe('fine');
    expect(line.judge(5_191, LIMITS)).toBe('slow');
  });

  test('on which nothing is heard for long is idle', () => {
    const line = new Lifeline(0, NOTHING);
    line.heard(50, { whole: true, partial: false });
    expect(line.judge(10_050, LIMITS)).toBe('fine');
    expect(line.judge(10_051, LIMITS)).toBe('idle');
  });
});

describe('a WebSocket', () => {
  test('is sent a ping after a silence, and again after another', () => {
    const line = new Lifeline(0, NOTHING);
    line.ping = NOTHING;
    line.heard(0, { whole: true, partial: false });
    const verdicts = [900, 1_000, 1_001, 1_900, 2_000].map((now) => line.judge(now, LIMITS));
    expect(verdicts).toEqual(['fine', 'ping', 'fine', 'fine', 'ping']);
  });

  test('is idle after three silences without a pong, and lives for ever with them', () => {
    const line = new Lifeline(0, NOTHING);
    line.ping = NOTHING;
    line.heard(0, { whole: true, partial: false });
    expect(line.judge(3_001, LIMITS)).toBe('idle');
    for (let now = 1_000; now < 50_000; now += 1_000) {
      expect(line.judge(now, LIMITS)).toBe('ping');
      line.heard(now, { whole: true, partial: false });
    }
  });
});
