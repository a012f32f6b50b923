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
  /** Samples of memory in that time. */
  readonly samples: number;
}

/** Memory at one moment, in octets. */
export interface MemorySample {
  readonly rss: number;
  /** After a garbage collection. */
  readonly heap: number;
}

/** What a soak has shown. */
export interface Soaked {
  /** The first one after the warm-up. */
  readonly memory: readonly MemorySample[];
  readonly report: Report;
}

/** Keeps a node on SQLite under load, and looks at its memory again and again. */
export async function soak(plan: SoakPlan, tell: (sample: MemorySample) => void): Promise<Soaked> {
  await using node = await startLamplighter({ NODE_OPTIONS: `--import=${PRELOAD}` });
  const httpPort = Number(node.settings.LAMPLIGHTER_HTTP_PORT);
  using checker = await CheckerProcess.open({ sipPort: node.place('udp').port, httpPort }, plan.sizes);
  await checker.order({ kind: 'subscribe' });
  await checker.order({ kind: 'load', on: true });
  await pause(plan.warmSeconds * 1000);
  const memory: MemorySample[] = [await sampleOf(node)];
  for (let count = 0; count < plan.samples; count += 1) {
    await pause((plan.seconds * 1000) / plan.samples);
    const sample = await sampleOf(node);
    tell(sample);
    memory.push(sample);
  }
  await checker.order({ kind: 'settle' });
  return { memory, report: checker.report() };
}

/** How much more memory there is at the end than after the warm-up: 0.05 is 5 %. Medians of three samples where there are so many. */
export function growthOf(memory: readonly MemorySample[], kind: keyof MemorySample): number {
  const part = Math.max(1, Math.min(3, Math.floor(memory.length / 2)));
  const [first, last] = [memory.slice(0, part), memory.slice(-part)].map((samples) =>
    median(samples.map((sample) => sample[kind])),
  );
  return (last ?? 0) / (first ?? 1) - 1;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

async function sampleOf(node: LamplighterProcess): Promise<MemorySample> {
  const before = node.lines.length;
  node.signal('SIGUSR2');
  for (;;) {
    const line = node.lines.slice(before).find((each) => each.startsWith('heap '));
    if (line !== undefined) return { rss: memoryOf(node.pid), heap: Number(line.slice(5)) };
    await pause(20);
  }
}
