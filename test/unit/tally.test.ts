import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { Tally } from '../../src/tally.ts';

test('Tally tells what was counted since whenever the metrics are asked for, and nothing before', async () => {
  const registry = new Registry();
  const tally = new Tally({ name: 'seen_total', help: 'Seen', labelNames: ['what'], registry });
  const lamp = tally.of('lamp');
  tally.of('never');
  lamp();
  lamp(2);
  expect(await registry.metrics()).toContain('seen_total{what="lamp"} 3');
  lamp();
  const text = await registry.metrics();
  expect(text).toContain('seen_total{what="lamp"} 4');
  expect(text).not.toContain('never');
});

test('Tally adds up what is counted for the same labels in two places', async () => {
  const registry = new Registry();
  const tally = new Tally({ name: 'seen_total', help: 'Seen', labelNames: ['what'], registry });
  tally.of('lamp')();
  tally.of('lamp')();
  expect(await registry.metrics()).toContain('seen_total{what="lamp"} 2');
});
