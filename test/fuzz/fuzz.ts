import type { ByteString } from '../../src/sip/message.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';

/** ms of the processor that one input may take. */
export const LONGEST_MS = 50;

/** A part of the inputs of a target. */
export interface FuzzPart {
  readonly target: FuzzTarget;
  readonly seed: number;
  /** Number of the first input. */
  readonly from: number;
  readonly count: number;
  /** Told of each input before it is tried. */
  readonly before?: (number: number) => void;
}

/** An input that broke something; `inputOf` makes it again. */
export class FuzzFinding extends Error {
  constructor(part: FuzzPart, number: number, cause: unknown) {
    const { target, seed } = part;
    const what = cause instanceof Error ? cause.message : String(cause);
    super(
      `${target.name}: ${what}\n  again: npm run fuzz -- --target ${target.name} --seed ${seed} --from ${number} --count 1\n` +
        `  input: ${JSON.stringify(inputOf(target, seed, number).slice(0, 300))}`,
      { cause },
    );
  }
}

/** The input with that number: it depends on nothing else, so that a run can be taken up anywhere. */
export function inputOf({ seeds }: FuzzTarget, seed: number, number: number): ByteString {
  return mutate(new Random(seed, number), seeds);
}

/** Tries `count` inputs. Throws a FuzzFinding at the first that breaks a promise or takes too long. */
export function fuzz(part: FuzzPart): void {
  const { target, seed, from, count, before } = part;
  for (let number = from; number < from + count; number += 1) {
    before?.(number);
    const input = inputOf(target, seed, number);
    try {
      tryInput(target, input);
    } catch (error) {
      throw new FuzzFinding(part, number, error);
    }
  }
}

/** Tries one input. Throws what it breaks, or how long it takes. */
function tryInput(target: FuzzTarget, input: ByteString): void {
  const start = performance.now();
  const check = target.run(input);
  const took = performance.now() - start;
  check();
  if (took <= LONGEST_MS) return;
  const busyMs = quickest(target, input);
  if (busyMs > LONGEST_MS) throw new Error(`takes ${Math.round(busyMs)} ms for ${input.length} octets`);
}

/** A machine that halts, or is shared, is no hang: what is slow takes the processor's time, again and again. */
function quickest({ run }: FuzzTarget, input: ByteString): number {
  let best = Number.POSITIVE_INFINITY;
  for (let again = 0; best > LONGEST_MS && again < 5; again += 1) {
    const start = process.threadCpuUsage();
    run(input);
    const { user, system } = process.threadCpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}
