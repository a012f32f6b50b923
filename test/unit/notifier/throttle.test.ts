import { expect, test } from 'vitest';
import { Throttle } from '../../../src/notifier/throttle.ts';

const NOW = 1_000_000;
const ONE = { address: '192.0.2.10', user: '1001@acme.example' };

function fail(throttle: Throttle, attempt: typeof ONE, times: number, now = NOW): boolean[] {
  return Array.from({ length: times }, () => throttle.failed(attempt, now));
}

test('three wrong passwords are free, each further one doubles the wait up to 64 s', () => {
  const throttle = new Throttle();
  fail(throttle, ONE, 3);
  expect(throttle.waitMs(ONE, NOW)).toBe(0);
  const waits = Array.from({ length: 9 }, () => {
    throttle.failed(ONE, NOW);
    return throttle.waitMs(ONE, NOW) / 1000;
  });
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 64, 64]);
  expect(throttle.waitMs(ONE, NOW + 64_000)).toBe(0);
});

test('says once that a source is slowed', () => {
  expect(fail(new Throttle(), ONE, 8)).toEqual([false, false, false, true, false, false, false, false]);
});

test('one phone with a wrong password does not stop its neighbours behind the same NAT', () => {
  const throttle = new Throttle();
  fail(throttle, ONE, 12);
  expect(throttle.waitMs({ ...ONE, user: '1002@acme.example' }, NOW)).toBe(0);
});

test('a source that tries many users is slowed for all but those who got in from there', () => {
  const throttle = new Throttle();
  throttle.succeeded({ ...ONE, user: 'good@acme.example' });
  for (let user = 0; user < 25; user += 1) throttle.failed({ ...ONE, user: `${user}@acme.example` }, NOW);
  expect(throttle.waitMs({ ...ONE, user: 'next@acme.example' }, NOW)).toBe(16_000);
  expect(throttle.waitMs({ ...ONE, user: 'good@acme.example' }, NOW)).toBe(0);
});

test('a user that is tried from many sources is slowed, but not where it got in before', () => {
  const throttle = new Throttle();
  throttle.succeeded(ONE);
  for (let host = 1; host <= 55; host += 1) throttle.failed({ ...ONE, address: `198.51.100.${host}` }, NOW);
  expect(throttle.waitMs({ ...ONE, address: '203.0.113.1' }, NOW)).toBe(16_000);
  expect(throttle.waitMs(ONE, NOW)).toBe(0);
});

test('an IPv6 source is its /64', () => {
  const throttle = new Throttle();
  fail(throttle, { ...ONE, address: '2001:db8:0:1::5' }, 4);
  expect(throttle.waitMs({ ...ONE, address: '2001:db8:0:1:9:9:9:9' }, NOW)).toBe(1000);
  expect(throttle.waitMs({ ...ONE, address: '2001:db8:0:2::5' }, NOW)).toBe(0);
  fail(throttle, { ...ONE, address: '2001:db8::5' }, 4);
  expect(throttle.waitMs({ ...ONE, address: '2001:db8:0:0:9::' }, NOW)).toBe(1000);
});

test('the right password, or ten minutes, make good', () => {
  const throttle = new Throttle();
  fail(throttle, ONE, 5);
  throttle.succeeded(ONE);
  expect(throttle.waitMs(ONE, NOW)).toBe(0);
  fail(throttle, ONE, 5);
  throttle.failed(ONE, NOW + 600_000);
  expect(throttle.waitMs(ONE, NOW + 600_000)).toBe(0);
});
