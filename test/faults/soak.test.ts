import { expect, test } from 'vitest';
import { growthOf, soak } from './soak.ts';

const SIZES = { subscriptions: 1_000, watchers: 10, changes: 50, refreshes: 20 };

test('40 s of load: no lamp is lost, and what is left after garbage collection stays flat', async () => {
  const plan = { sizes: SIZES, warmSeconds: 12, seconds: 24, samples: 6 };
  const { memory, report } = await soak(plan, () => undefined);
  expect(report.violations).toEqual([]);
  expect(report.notifies).toBeGreaterThan(5_000);
  // RSS follows the garbage of so short a run: `npm run soak` looks at it.
  expect(growthOf(memory, 'heap')).toBeLessThan(0.05);
});
