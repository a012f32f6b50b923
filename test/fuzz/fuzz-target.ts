import type { ByteString } from '../../src/sip/message.ts';

/** Something that takes octets from anybody. */
export interface FuzzTarget {
  readonly name: string;
  /** Sound inputs, which are mutated. */
  readonly seeds: readonly ByteString[];
  /** Has the code under test take one input, and gives what is then to be checked. This is what is timed. */
  readonly run: (input: ByteString) => Check;
}

/** Throws when what came of an input breaks a promise. It may take its time. */
export type Check = () => void;

/** Breaks a fuzz run unless `held`. */
export function promise(held: boolean, what: string): void {
  if (!held) throw new Error(`Broken: ${what}`);
}

/** Breaks a fuzz run unless the two are the same value, compared as JSON. */
export function promiseSame(one: unknown, other: unknown, what: string): void {
  const [left, right] = [JSON.stringify(one), JSON.stringify(other)];
  if (left !== right)
    throw new Error(`Broken: ${what}: ${left?.slice(0, 2000)} is not ${right?.slice(0, 2000)}`);
}
