import { expect, test } from 'vitest';
import { Door } from '../../../../src/edge/embedded/door.ts';
import type { EdgeLimits } from '../../../../src/edge/embedded/limits.ts';
import { WIDE_LIMITS } from '../../../support/embedded-edge.ts';

function makeDoor(limits: Partial<EdgeLimits> = {}) {
  const counted: string[] = [];
  const said: string[] = [];
  const door = new Door({
    limits: { ...WIDE_LIMITS, ...limits },
    trusts: (address) => address.startsWith('10.'),
    count: (name) => void counted.push(name),
    log: (_level, message, details) => void said.push(`${message}: ${details.address}`),
  });
  return { door, counted, said };
}

test('a stranger is counted each time and named once', () => {
  const { door, counted, said } = makeDoor();
  expect([door.admits('10.0.0.1'), door.admits('192.0.2.1'), door.admits('192.0.2.1')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(counted).toEqual(['untrusted', 'untrusted']);
  expect(said).toEqual(['SIP from outside the trusted networks is dropped: 192.0.2.1']);
});

test('each kind of refusal is said once of a source, with what more is known', () => {
  const { door, counted, said } = makeDoor();
  for (let count = 0; count < 3; count += 1) {
    door.refused('malformed', '10.0.0.1', { reason: 'No Via To Answer By' });
    door.refused('stream_slow', '10.0.0.1');
  }
  expect(counted).toHaveLength(6);
  expect(said).toHaveLength(2);
});

test('a source over its rate is counted and named once; an exempt one has no rate', () => {
  const exempts = (address: string): boolean => address === '10.0.0.9';
  const { door, counted, said } = makeDoor({ requestsPerSecond: 1, requestBurst: 2, exempts });
  for (let count = 0; count < 10; count += 1) door.rateOf('10.0.0.1');
  for (let count = 0; count < 10; count += 1) expect(door.rateOf('10.0.0.9')).toBe('serve');
  expect(counted).toEqual(Array(8).fill('rate_limited'));
  expect(said).toHaveLength(1);
});
