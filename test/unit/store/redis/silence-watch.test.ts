import type { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchSilence } from '../../../../src/store/redis/silence-watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function connectionOwing(replies: number) {
  const destroyed: Error[] = [];
  const stream = { bytesRead: 100, destroy: (error: Error) => destroyed.push(error) };
  const connection = { status: 'ready', stream, commandQueue: { length: replies } };
  // Of the client only what the watch looks at.
  return { connection: connection as unknown as Redis, stream, destroyed };
}

test('a connection that owes a reply and brings nothing is given up after two seconds, once', () => {
  const { connection, destroyed } = connectionOwing(1);
  watchSilence(() => [connection]);
  vi.advanceTimersByTime(1_900);
  expect(destroyed).toHaveLength(0);
  vi.advanceTimersByTime(700);
  expect(destroyed).toHaveLength(1);
  vi.advanceTimersByTime(1_000);
  expect(destroyed).toHaveLength(1);
});

test('a connection that owes nothing, or brings something, stays', () => {
  const quiet = connectionOwing(0);
  const slow = connectionOwing(1);
  watchSilence(() => [quiet.connection, slow.connection]);
  for (let look = 0; look < 20; look += 1) {
    slow.stream.bytesRead += 1;
    vi.advanceTimersByTime(1_500);
  }
  expect([...quiet.destroyed, ...slow.destroyed]).toEqual([]);
});

test('a connection that is not there yet owes nothing', () => {
  const { connection, destroyed } = connectionOwing(1);
  watchSilence(() => [{ ...connection, status: 'connecting' } as Redis]);
  vi.advanceTimersByTime(10_000);
  expect(destroyed).toEqual([]);
});

test('nothing is looked at after the end', () => {
  const { connection, destroyed } = connectionOwing(1);
  const end = watchSilence(() => [connection]);
  end();
  vi.advanceTimersByTime(10_000);
  expect(destroyed).toEqual([]);
});
