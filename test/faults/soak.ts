import { setTimeout as pause } from 'node:timers/promises';
import { memoryOf } from '../bench/usage.ts';
import { type LamplighterProcess, startLamplighter } from '../support/lamplighter-process.ts';
import type { Report, Sizes } from './checker/orders.ts';
import { CheckerProcess } from './checker-process.ts';

const PRELOAD = new URL('./preload/heap.ts', import.meta.url).href;

/** How long and how much. */
export interface SoakPlan {
  readonly sizes: Sizes;
  /** Under load before memory is looked at first, in seconds: what is compiled and cached. */
  readonly warmSeconds: number;
  /** From then to the end. */
  readonly seconds: number;
  /** How often RSS is told in that time. */
  readonly samples: number;
}

/** Memory in octets, after a garbage collection that has given free room back. */
export interface MemorySample {
  readonly rss: number;
  readonly heap: number;
}

/** What a soak has shown. */
export interface Soaked {
  /** At rest after the warm-up, and at rest at the end. */
  readonly before: MemorySample;
  readonly after: MemorySample;
  readonly report: Report;
}

/**
 * Without load for so long, in ms, memory holds no transaction any more (RFC 3261 §17.1.2.2: Timer F is 32 s): how many there
 * are under load is a matter of the machine, not of the node.
 */
const REST_MS = 40_000;

/** Keeps a node on SQLite under load, tells its RSS as it is then (octets), and compares its memory at rest. */
export async function soak(plan: SoakPlan, tell: (rss: number) => void): Promise<Soaked> {
  await using node = await startLamplighter({ NODE_OPTIONS: `--import=${PRELOAD}` });
  const httpPort = Number(node.settings.LAMPLIGHTER_HTTP_PORT);
  using checker = await CheckerProcess.open({ sipPort: node.place('udp').port, httpPort }, plan.sizes);
  await checker.order({ kind: 'subscribe' });
  await checker.order({ kind: 'load', on: true });
  await pause(plan.warmSeconds * 1000);
  const before = await sampleAtRest(node, checker);
  await checker.order({ kind: 'load', on: true });
  for (let count = 0; count < plan.samples; count += 1) {
    await pause((plan.seconds * 1000) / plan.samples);
    tell(memoryOf(node.pid));
  }
  const after = await sampleAtRest(node, checker);
  await checker.order({ kind: 'settle' });
  return { before, after, report: checker.report() };
}

/** How much more memory there is at the end than after the warm-up: 0.05 is 5 %. */
export function growthOf({ before, after }: Soaked, kind: keyof MemorySample): number {
  return after[kind] / before[kind] - 1;
}

async function sampleAtRest(node: LamplighterProcess, checker: CheckerProcess): Promise<MemorySample> {
  await checker.order({ kind: 'load', on: false });
  await pause(REST_MS);
  const before = node.lines.length;
  node.signal('SIGUSR2');
  for (;;) {
    const line = node.lines.slice(before).find((each) => each.startsWith('heap '));
    // Pages are given back by threads of V8: before the next look they are.
    await pause(500);
    if (line !== undefined) return { rss: memoryOf(node.pid), heap: Number(line.slice(5)) };
  }
}
