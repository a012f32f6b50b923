import { Histogram, type Metric, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { LatencyHistogram } from '../../src/latency-histogram.ts';

const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** On a bound, between two, below all, above all. */
const SECONDS = [0.001, 0.0011, 0, 0.0004, 9.9, 10, 11, 3600];

test('LatencyHistogram comes out of a registry as the histogram of prom-client does', async () => {
  const [ours, theirs] = [new Registry(), new Registry()];
  ours.setDefaultLabels({ worker: '1' });
  theirs.setDefaultLabels({ worker: '1' });
  const latency = new LatencyHistogram('lamp_seconds', 'Lamps');
  ours.registerMetric(latency as unknown as Metric);
  const known = new Histogram({ name: 'lamp_seconds', help: 'Lamps', buckets: BOUNDS, registers: [theirs] });
  expect(await ours.metrics()).toBe(await theirs.metrics());
  for (const seconds of SECONDS) {
    latency.observe(seconds);
    known.observe(seconds);
  }
  expect(await ours.metrics()).toBe(await theirs.metrics());
  ours.resetMetrics();
  expect(await ours.metrics()).toContain('lamp_seconds_count{worker="1"} 0');
});
