import { setTimeout as pause } from 'node:timers/promises';
import type { Report, Sizes } from './checker/orders.ts';
import type { Fault } from './faults.ts';
import type { Stage } from './stage.ts';

/** Under load before a fault comes at least, and after it has gone, in ms. */
const BEFORE_MS = 1_500;
const AFTER_MS = 1_500;
/** A machine that is busy takes so long at most until the load is there, in ms. */
const PATIENCE_MS = 60_000;

/** How hard a node is hit. */
export interface Blow {
  readonly sizes: Sizes;
  /** How long processes are paused, in seconds. */
  readonly pause: number;
}

/** Hits a node under load with a fault; gives what its phones saw until every lamp was right again, or one too late. */
export async function strike(stage: Stage, fault: Fault, { sizes, pause: seconds }: Blow): Promise<Report> {
  const { checker } = stage;
  checker.report();
  await checker.order({ kind: 'load', on: true });
  await pause(BEFORE_MS);
  await loaded(stage, sizes.changes);
  await checker.order({ kind: 'fault begins' });
  await fault.begin(stage);
  await pause(fault.seconds(seconds, sizes.subscriptions) * 1000);
  await fault.end(stage);
  await checker.order({ kind: 'fault ends' });
  await pause(AFTER_MS);
  await checker.order({ kind: 'settle' });
  return checker.report();
}

/** Waits until more than so many changes were accepted: a fault without a load shows nothing. */
async function loaded({ checker }: Stage, changes: number): Promise<void> {
  let seen = 0;
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await pause(200)) {
    seen += (await checker.order({ kind: 'look' })).changes;
    if (seen > changes) return;
  }
}
