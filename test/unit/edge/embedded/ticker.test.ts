import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Ticker } from '../../../../src/edge/embedded/ticker.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function tickerWith(pending: number) {
  const ticker = new Ticker(50);
  const member = {
    pending,
    ticks: 0,
    times: [] as number[],
    advance: (now: number) => {
      member.ticks += 1;
      member.times.push(now);
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

test('Ticker lets answers be read after a halt: it makes up for lost time two ticks at once, until it has', () => {
  const { ticker, member } = tickerWith(1);
  const clock = ticker.now.bind(ticker);
  let haltMs = 0;
  vi.spyOn(ticker, 'now').mockImplementation(() => clock() + haltMs);
  ticker.wake();
  const start = ticker.now();
  vi.advanceTimersByTime(50);
  haltMs = 200;
  vi.advanceTimersByTime(300);
  expect(member.times.map((time) => time - start)).toEqual([50, 150, 250, 350, 450, 500, 550]);
});

test('Ticker keeps up with a process whose every turn takes longer than its ticks', () => {
  const { ticker, member } = tickerWith(1);
  const clock = ticker.now.bind(ticker);
  let turns = 0;
  // Each turn takes six ticks: five of them without an interval.
  vi.spyOn(ticker, 'now').mockImplementation(() => clock() + turns * 250);
  ticker.wake();
  const start = ticker.now();
  for (turns = 1; turns <= 400; turns += 1) vi.advanceTimersByTime(50);
  const behindMs = 400 * 300 + start - (member.times.at(-1) ?? 0);
  expect(behindMs).toBeLessThan(16 * 300);
});
