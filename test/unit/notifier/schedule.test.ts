import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';

const REALM = 'acme.example';
const DAY = 86_400_000;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

async function save(bench: NotifierBench, at: string, status: string): Promise<void> {
  const outcome = await bench.notifier.callflows.create(REALM, {
    name: `${status} at ${at}`,
    numbers: [],
    schedule: [{ weekdays: EVERY_DAY, at, timeZone: 'UTC' }],
    flow: { module: 'manual_presence', data: { presence_id: 'night', status }, children: {} },
  });
  expect(outcome.kind).toBe('saved');
}

async function lamp(bench: NotifierBench): Promise<string> {
  return (await bench.notifier.service.view({ realm: REALM, user: 'night' })).lamp.status;
}

/** How long until the wall clock of UTC shows `HH:MM`. */
function until(now: number, hours: number): number {
  const today = Math.floor(now / DAY) * DAY + hours * 3_600_000;
  return today > now ? today - now : today + DAY - now;
}

describe('a schedule', () => {
  it('runs its callflow at its time, and not before', async () => {
    await using bench = await startNotifier();
    await save(bench, '18:00', 'busy');
    await bench.pass(2_000);
    // The clock of the tests stands before six in the evening: it is moved in one step, as a machine sleeps.
    bench.clock.jump(until(bench.clock.now(), 18) - 10_000);
    await bench.pass(5_000);
    expect(await lamp(bench)).toBe('idle');
    await bench.pass(10_000);
    expect(await lamp(bench)).toBe('busy');
  });

  it('after downtime leaves the state that is due now, not the one that was due first', async () => {
    await using bench = await startNotifier();
    await save(bench, '08:00', 'idle');
    await save(bench, '18:00', 'busy');
    await bench.pass(2_000);
    bench.clock.forget();
    bench.clock.jump(until(bench.clock.now(), 18) + DAY + 3_600_000);
    const again = await bench.crash();
    await again.pass(2_000);
    expect(await lamp(again)).toBe('busy');
    const [late] = (await again.notifier.callflows.list(REALM)).filter(({ callflow }) =>
      callflow.name.startsWith('busy'),
    );
    expect(await again.notifier.callflows.runs(REALM, late?.callflow.id ?? '', 10)).toHaveLength(1);
    await again.store.close();
  });

  it('runs once on all nodes together', async () => {
    await using bench = await startNotifier();
    await save(bench, '18:00', 'busy');
    await bench.pass(2_000);
    const clock = new ManualClock(bench.clock.now());
    const other = await bench.another(clock);
    const ms = until(clock.now(), 18) + 1_000;
    bench.clock.jump(ms);
    clock.jump(ms);
    await Promise.all([bench.pass(3_000), other.pass(3_000)]);
    const [{ callflow } = { callflow: { id: '' } }] = await bench.notifier.callflows.list(REALM);
    expect(await bench.notifier.callflows.runs(REALM, callflow.id, 10)).toHaveLength(1);
  });
});
