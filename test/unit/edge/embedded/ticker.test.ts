import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Ticker } from '../../../../src/edge/embedded/ticker.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function tickerWith(pending: number): { ticker: Ticker; member: { pending: number; ticks: number } } {
  const ticker = new Ticker(50);
  const member = {
    pending,
    ticks: 0,
    advance: () => {
      member.ticks += 1;
    },
  };
  ticker.add(member);
  return { ticker, member };
}

test('Ticker does not tick before it is woken', () => {
  const { member } = tickerWith(1);
  vi.advanceTimersByTime(1_000);
  expect(member.ticks).toBe(0);
});

test('Ticker ticks while a timer runs, with one timer however often it is woken', () => {
  const { ticker, member } = tickerWith(1);
  ticker.wake();
  ticker.wake();
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(1_000);
  expect(member.ticks).toBe(20);
});

test('Ticker is off when nothing is scheduled, and can be woken again', () => {
  const { ticker, member } = tickerWith(1);
  ticker.wake();
  member.pending = 0;
  vi.advanceTimersByTime(1_000);
  expect(member.ticks).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
  ticker.wake();
  vi.advanceTimersByTime(50);
  expect(member.ticks).toBe(2);
});

test('Ticker never ticks again after stop()', () => {
  const { ticker, member } = tickerWith(1);
  ticker.wake();
  ticker.stop();
  ticker.wake();
  vi.advanceTimersByTime(1_000);
  expect(member.ticks).toBe(0);
});
