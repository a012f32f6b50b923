import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { LONGEST_MS } from './fuzz.ts';
import type { SoakPlan, SoakReport } from './soak.ts';
import { TARGETS } from './targets.ts';

/** Inputs of one target in a row; then progress is noted, and the next target has its turn. */
const PART = 20_000;
/** ms without one input done after which it is called a hang; a machine may halt for seconds. */
const PATIENCE_MS = 60_000;

const USAGE = `npm run fuzz -- [--count inputs] [--seconds time] [--seed number] [--target name] [--from number] [--state file]
  --count    inputs of all targets together; 10,000,000 unless given
  --seconds  stops earlier, after this time
  --seed     another seed gives other inputs; 1 unless given
  --target   one of ${TARGETS.map(({ name }) => name).join(', ')}; all unless given
  --from     number of the first input of each target
  --state    a file that remembers how far the run is: the next run with it goes on there`;

/** Reads the arguments, and where an earlier run stopped. Throws on what it does not know. */
function planFrom(args: readonly string[]): SoakPlan & { readonly state: string } {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { count: text, seconds: text, seed: text, target: text, from: text, state: text },
  });
  const seed = Number(values.seed ?? 1);
  const state = values.state ?? '';
  const targets = values.target === undefined ? TARGETS.map(({ name }) => name) : [values.target];
  if (targets.some((name) => !TARGETS.some((target) => target.name === name))) throw new Error(USAGE);
  const from = Number(values.from ?? done(state, seed));
  const each = Math.ceil(Number(values.count ?? 10_000_000) / targets.length);
  const seconds = Number(values.seconds ?? Number.POSITIVE_INFINITY);
  if ([seed, from, each, seconds].some(Number.isNaN)) throw new Error(USAGE);
  return { targets, seed, from, each, part: PART, seconds, state };
}

/** How many inputs of each target an earlier run with this seed has tried. */
function done(state: string, seed: number): number {
  try {
    const noted: unknown = JSON.parse(readFileSync(state, 'utf8'));
    const { seed: before, next } = noted as { readonly seed?: number; readonly next?: number };
    return before === seed ? Number(next) : 0;
  } catch {
    return 0;
  }
}

/** Runs the inputs in a thread that this one watches: what never ends can only be seen from outside. */
function soak(plan: ReturnType<typeof planFrom>): Promise<number> {
  const current = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL('./soak.ts', import.meta.url), { workerData: { plan, current } });
  const { promise, resolve } = Promise.withResolvers<number>();
  const watchdog = watch(current, (number, index) => {
    console.error(
      `Hang: npm run fuzz -- --target ${plan.targets[index]} --seed ${plan.seed} --from ${number} --count 1`,
    );
    void worker.terminate();
    resolve(1);
  });
  let failed = false;
  worker.on('message', (report: SoakReport) => tell(plan, report));
  worker.on('error', (error) => {
    failed = true;
    console.error(error.message);
  });
  worker.on('exit', (code) => resolve(failed ? 1 : code));
  return promise.finally(() => clearInterval(watchdog));
}

function watch(current: Int32Array, hung: (number: number, target: number) => void): NodeJS.Timeout {
  let before = -1;
  let since = performance.now();
  return setInterval(() => {
    const [number = 0, target = 0] = current;
    const now = performance.now();
    if (number !== before) [before, since] = [number, now];
    else if (now - since > PATIENCE_MS) hung(number, target);
  }, 1_000);
}

function tell({ seed, state }: ReturnType<typeof planFrom>, report: SoakReport): void {
  const { inputs, next, heapMb, seconds, whole } = report;
  if (state !== '') writeFileSync(state, JSON.stringify({ seed, next }));
  const rate = Math.round(inputs / Math.max(seconds, 0.001));
  const line = `${inputs.toLocaleString('en')} inputs in ${Math.round(seconds)} s (${rate}/s), heap ${heapMb.toFixed(1)} MB`;
  console.log(whole ? `${line}: no crash, none slower than ${LONGEST_MS} ms, memory flat` : line);
}

try {
  process.exitCode = await soak(planFrom(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
