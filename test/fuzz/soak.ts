import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { fuzz } from './fuzz.ts';
import { TARGETS } from './targets.ts';

/** What a soak run tries. */
export interface SoakPlan {
  /** Names of targets. */
  readonly targets: readonly string[];
  readonly seed: number;
  /** Number of the first input of each target. */
  readonly from: number;
  /** Inputs of each target. */
  readonly each: number;
  /** Inputs of one target in a row. */
  readonly part: number;
  readonly seconds: number;
}

/** How far a soak run is. */
export interface SoakReport {
  /** Inputs that were tried. */
  readonly inputs: number;
  /** Number of the next input of each target. */
  readonly next: number;
  /** After a garbage collection. */
  readonly heapMb: number;
  readonly seconds: number;
  /** The run is over. */
  readonly whole: boolean;
}

/** MB that the heap may have grown since the first round: what is compiled and cached, but no leak. */
const GROWTH_MB = 16;
/** Seconds between two reports. */
const REPORT_S = 20;

/** Runs a plan, round by round through its targets. `current` holds the number of the input and of its target. */
function soak(plan: SoakPlan, current: Int32Array, report: (report: SoakReport) => void): void {
  const targets = TARGETS.filter(({ name }) => plan.targets.includes(name));
  const start = performance.now();
  const end = plan.from + plan.each;
  let [inputs, next, reported, firstMb] = [0, plan.from, 0, 0];
  while (next < end && secondsSince(start) < plan.seconds) {
    const count = Math.min(plan.part, end - next);
    for (const target of targets) {
      current[1] = plan.targets.indexOf(target.name);
      const before = (number: number): void => void Atomics.store(current, 0, number);
      fuzz({ target, seed: plan.seed, from: next, count, before });
      inputs += count;
    }
    next += count;
    const heapMb = heapAfterCollection();
    firstMb ||= heapMb;
    if (heapMb > firstMb + GROWTH_MB) throw new Error(`The heap grows: ${firstMb} MB, now ${heapMb} MB`);
    const seconds = secondsSince(start);
    const whole = next >= end || seconds >= plan.seconds;
    if (whole || seconds - reported > REPORT_S) {
      reported = seconds;
      report({ inputs, next, heapMb, seconds, whole });
    }
  }
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}

function heapAfterCollection(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

if (!isMainThread) soak(workerData.plan, workerData.current, (report) => parentPort?.postMessage(report));
