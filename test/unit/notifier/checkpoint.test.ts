import { expect, it, vi } from 'vitest';
import type { WriteResult } from '../../../src/ports/subscriptions.ts';
import { settled } from '../../support/manual-clock.ts';
import { startNotifier } from '../../support/notifier-bench.ts';

const PHONES = 30;

it('records that the store has lost are made good many at a time: none waits for the answer to the one before', async () => {
  await using bench = await startNotifier();
  const { subscriptions } = bench.store;
  for (let phone = 0; phone < PHONES; phone += 1) {
    const from = `sip:${1000 + phone}@acme.example`;
    bench.edge.subscribe({ callId: `call-${phone}`, from, contact: `<${from}>` });
    await settled();
    bench.edge.settle(200);
  }
  const answers: ((result: WriteResult) => void)[] = [];
  vi.spyOn(subscriptions, 'checkpoint').mockImplementation(async (points) => points.map(({ id }) => id));
  vi.spyOn(subscriptions, 'update').mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
  const create = vi.spyOn(subscriptions, 'create');
  await bench.pass(1_500);
  expect(answers).toHaveLength(PHONES);
  for (const answer of answers) answer('gone');
  await settled();
  expect(create).toHaveBeenCalledTimes(PHONES);
});
