import { expect, it } from 'vitest';
import { NIGHT } from '../../support/boards.ts';
import { settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';

async function subscribed(event: string): Promise<NotifierBench> {
  const bench = await startNotifier();
  bench.edge.subscribe({ event, expires: 3600 });
  await settled();
  bench.edge.settle(200);
  return bench;
}

const set = (bench: NotifierBench, status: 'idle' | 'busy' | 'ringing') =>
  bench.notifier.service.setManual(NIGHT, { status });

it('RFC 6446 §5.2: a phone that asks for max-rate is told no faster, and then the newest state', async () => {
  await using bench = await subscribed('dialog;max-rate=0.1');
  expect(bench.edge.last.subscriptionState).toBe('active;expires=3600;max-rate=0.1');
  await set(bench, 'busy');
  await set(bench, 'ringing');
  await bench.pass(9_800);
  expect(bench.edge.notifies).toHaveLength(1);
  await bench.pass(400);
  expect(bench.edge.notifies).toHaveLength(2);
  expect(bench.edge.last.body).toContain('<state>early</state>');
});

it('RFC 6446 §5.2: a SUBSCRIBE is answered with a NOTIFY at once whatever the rate', async () => {
  await using bench = await subscribed('dialog;max-rate=0.1');
  bench.edge.subscribe({ event: 'dialog;max-rate=0.1', toTag: bench.edge.answers[0]?.toTag ?? '' });
  await settled();
  expect(bench.edge.notifies).toHaveLength(2);
});

it('RFC 6446 §6.2: a phone that asks for min-rate is told again though nothing changed', async () => {
  await using bench = await subscribed('dialog;min-rate=0.1');
  for (const count of [2, 3]) {
    await bench.pass(10_100);
    expect(bench.edge.notifies).toHaveLength(count);
    bench.edge.settle(200);
  }
  await set(bench, 'busy');
  bench.edge.settle(200);
  await bench.pass(9_000);
  expect(bench.edge.notifies).toHaveLength(4);
});

it('RFC 6446 §5.4: a refresh may change the rate, or take it away', async () => {
  await using bench = await subscribed('dialog;min-rate=0.1');
  bench.edge.subscribe({ event: 'dialog', toTag: bench.edge.answers[0]?.toTag ?? '' });
  await settled();
  bench.edge.settle(200);
  expect(bench.edge.last.subscriptionState).not.toContain('rate');
  await bench.pass(30_000);
  expect(bench.edge.notifies).toHaveLength(2);
});
