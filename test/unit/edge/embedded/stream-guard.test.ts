import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { EdgeLimits } from '../../../../src/edge/embedded/limits.ts';
import { StreamGuard } from '../../../../src/edge/embedded/stream-guard.ts';
import { WIDE_LIMITS } from '../../../support/embedded-edge.ts';

/** A guard on a clock that is set by hand, and what it has refused. */
function makeGuard(limits: Partial<EdgeLimits>) {
  const refusals: string[] = [];
  const clock = { now: 0 };
  const guard = new StreamGuard({
    limits: { ...WIDE_LIMITS, ...limits },
    now: () => clock.now,
    door: {
      rateOf: () => 'serve',
      refused: (name, address) => void refusals.push(`${name} ${address}`),
    },
  });
  return { guard, refusals, clock };
}

async function closed(socket: Socket): Promise<void> {
  await new Promise((resolve) => socket.once('close', resolve).destroy());
}

test('accept() takes no more than there may be in all, until one is closed', async () => {
  const { guard, refusals } = makeGuard({ connections: 2 });
  const first = new Socket();
  expect(guard.accept(first, '192.0.2.1')).not.toBeNull();
  expect(guard.accept(new Socket(), '192.0.2.2')).not.toBeNull();
  expect(guard.accept(new Socket(), '192.0.2.3')).toBeNull();
  expect(refusals).toEqual(['stream_refused 192.0.2.3']);
  await closed(first);
  expect(guard.accept(new Socket(), '192.0.2.3')).not.toBeNull();
  guard.close();
});

test('accept() takes no more of one source than it may have; a /64 of IPv6 is one source', () => {
  const { guard } = makeGuard({ connectionsPerSource: 1 });
  const accepts = (address: string): boolean => guard.accept(new Socket(), address) !== null;
  expect([accepts('192.0.2.1'), accepts('192.0.2.1'), accepts('192.0.2.2')]).toEqual([true, false, true]);
  expect([accepts('2001:db8::1'), accepts('2001:db8::2'), accepts('2001:db8:0:1::2')]).toEqual([
    true,
    false,
    true,
  ]);
  guard.close();
});

test('accept() takes any number of an exempt source', () => {
  const { guard } = makeGuard({ connectionsPerSource: 1, exempts: (address) => address === '10.0.0.5' });
  const taken = Array.from({ length: 5 }, () => guard.accept(new Socket(), '10.0.0.5'));
  expect(taken).not.toContain(null);
  guard.close();
});

test('100,000 streams in a row leave nothing behind', async () => {
  const { guard } = makeGuard({});
  for (let count = 0; count < 100_000; count += 1) {
    const socket = new Socket();
    guard.accept(socket, `10.${(count >> 16) & 255}.${(count >> 8) & 255}.${count & 255}`);
    socket.emit('close');
  }
  expect(guard.size).toEqual({ streams: 0, sources: 0 });
  guard.close();
});

test('sweep() ends what is slow or idle, and says whose it was', () => {
  const { guard, refusals, clock } = makeGuard({ messageMs: 100, idleMs: 1_000 });
  const [slow, idle] = [new Socket(), new Socket()];
  guard.accept(slow, '192.0.2.1');
  guard.accept(idle, '192.0.2.2')?.heard(0, { whole: true, partial: false });
  clock.now = 101;
  guard.sweep();
  expect([slow.destroyed, idle.destroyed]).toEqual([true, false]);
  clock.now = 1_001;
  guard.sweep();
  expect(idle.destroyed).toBe(true);
  expect(refusals).toContain('stream_slow 192.0.2.1');
  expect(refusals).toContain('stream_idle 192.0.2.2');
  guard.close();
});
