import { afterAll, describe, expect, test } from 'vitest';
import type { Sizes } from './checker/orders.ts';
import { FAULTS } from './faults.ts';
import { type Ground, openStage, type Stage } from './stage.ts';
import { strike } from './strike.ts';

const SIZES: Sizes = { subscriptions: 2_000, watchers: 4, changes: 40, refreshes: 20 };
/** How long a pause or a cut is, in seconds; `npm run faults` makes it 30. */
const PAUSE_S = 10;

// Each lamp right within 10 s of the end of each fault, no CSeq or version back, nobody subscribes again: issue 5.
describe.each(Object.keys(FAULTS) as Ground[])('2,000 phones at a node on %s', (ground) => {
  let opened: Stage | null = null;
  const open = async (): Promise<Stage> => {
    opened ??= await openStage(ground, SIZES);
    return opened;
  };
  /** What a fault has broken must not fail the next one. */
  const close = async () => {
    await opened?.[Symbol.asyncDispose]();
    opened = null;
  };
  afterAll(close);

  for (const [index, fault] of FAULTS[ground].entries()) {
    test(`${index + 1}: ${fault.name}`, async ({ skip, onTestFailed }) => {
      onTestFailed(close);
      const stage = await open();
      const missing = fault.missing?.(stage) ?? null;
      if (missing !== null) skip(missing);
      const report = await strike(stage, fault, { sizes: SIZES, pause: PAUSE_S });
      expect(report.violations).toEqual([]);
      expect(report.changes).toBeGreaterThan(SIZES.changes);
      if (fault.refuses) expect(report.refused).toBeGreaterThan(0);
    });
  }

  test('every phone is answered 2xx to a refresh in its first dialog', async () => {
    const { checker } = await open();
    checker.report();
    await checker.order({ kind: 'refresh all' });
    expect(checker.report()).toMatchObject({ violations: [] });
  });
});
