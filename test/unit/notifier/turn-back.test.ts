import { expect, it } from 'vitest';
import { NIGHT } from '../../support/boards.ts';
import { settled } from '../../support/manual-clock.ts';
import { startNotifier } from '../../support/notifier-bench.ts';

it('a lamp that waits for its rate does not wait for a clock that was put back', async () => {
  await using bench = await startNotifier();
  bench.edge.subscribe({ event: 'dialog', expires: 3600 });
  await settled();
  bench.edge.settle(200);
  for (const status of ['busy', 'ringing', 'idle', 'busy'] as const) {
    await bench.notifier.service.setManual(NIGHT, { status });
    await settled();
    if (bench.edge.notifies.length < 4) bench.edge.settle(200);
  }
  const before = bench.edge.notifies.length;
  bench.clock.putBack(600_000);
  bench.edge.settle(200);
  await bench.pass(2_500);
  expect(bench.edge.notifies.length).toBeGreaterThan(before);
  expect(bench.edge.last.body).toContain('<state>confirmed</state>');
});
