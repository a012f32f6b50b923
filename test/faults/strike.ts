import { setTimeout as pause } from 'node:timers/promises';
import type { Report } from './checker/orders.ts';
import type { Fault } from './faults.ts';
import type { Stage } from './stage.ts';

/** Under load before a fault comes, and after it has gone, in ms. */
const BEFORE_MS = 1_500;
const AFTER_MS = 1_500;

/** Hits a node under load with a fault, for `seconds`; gives what its phones saw until every lamp was right again, or one too late. */
export async function strike(stage: Stage, fault: Fault, seconds: number): Promise<Report> {
  const { checker } = stage;
  checker.report();
  await checker.order({ kind: 'load', on: true });
  await pause(BEFORE_MS);
  await checker.order({ kind: 'fault begins' });
  await fault.begin(stage);
  await pause(seconds * 1000);
  await fault.end(stage);
  await checker.order({ kind: 'fault ends' });
  await pause(AFTER_MS);
  await checker.order({ kind: 'settle' });
  return checker.report();
}
