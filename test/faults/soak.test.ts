import { expect, test } from 'vitest';
import { growthOf, soak } from './soak.ts';

const SIZES = { subscriptions: 1_000, watchers: 10, changes: 50, refreshes: 20 };
/** With the rests five minutes of `npm run soak`. */
const PLAN = { sizes: SIZES, warmSeconds: 30, seconds: 190, samples: 6 };

test('five minutes of load: no lamp is lost, and what is left after garbage collection stays flat', async () => {
  const soaked = await soak(PLAN, () => undefined);
  expect(soaked.report.violations).toEqual([]);
  expect(soaked.report.notifies).toBeGreaterThan(5_000);
  // RSS of so short a run depends on what the C heap happens to keep: `npm run soak` looks at it.
  expect(growthOf(soaked, 'heap')).toBeLessThan(0.05);
}, 600_000);
