import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMessage } from '../../src/sip/parse.ts';
import { serialize } from '../../src/sip/serialize.ts';
import { message, octets } from '../unit/sip/arbitrary.ts';
import { FuzzFinding, fuzz, inputOf } from './fuzz.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { TARGETS } from './targets.ts';

/** Inputs for each target: `npm run fuzz` tries millions. */
const COUNT = 1_000;
const SEED = 20_261_122;

describe.each(TARGETS)('$name', (target) => {
  test('takes its seeds and keeps its promises', () => {
    for (const seed of target.seeds) target.run(seed)();
  });

  test(`takes ${COUNT} mutated inputs, each in less than 50 ms, and keeps its promises`, () => {
    fuzz({ target, seed: SEED, from: 0, count: COUNT });
  });

  test('takes any octets', () => {
    fc.assert(
      fc.property(octets(400), (input) => target.run(input)()),
      { numRuns: 200 },
    );
  });
});

test('a message that can be written is read as it was (RFC 3261 §7)', () => {
  const round = fc.property(message, (each) => {
    const text = serialize(each);
    const result = parseMessage(text);
    expect(result.kind === 'message' && serialize(result.message)).toBe(text);
  });
  fc.assert(round, { numRuns: 500 });
});

describe('the fuzzer', () => {
  const target = (run: FuzzTarget['run']): FuzzTarget => ({ name: 'x', seeds: ['abc', 'def\r\n'], run });

  test('makes the same input from the same number, and different ones from different numbers', () => {
    const inputs = (seed: number) =>
      Array.from({ length: 100 }, (_, at) =>
        inputOf(
          target(() => () => {}),
          seed,
          at,
        ),
      );
    expect(inputs(1)).toEqual(inputs(1));
    expect(inputs(2)).not.toEqual(inputs(1));
    expect(new Set(inputs(1)).size).toBeGreaterThan(80);
  });

  test('finds what throws, and says how to try it again', () => {
    const brittle = target((input) => {
      if (input.includes('\0')) throw new Error('a zero octet');
      return () => {};
    });
    const run = () => fuzz({ target: brittle, seed: 1, from: 0, count: 5_000 });
    expect(run).toThrow(FuzzFinding);
    expect(run).toThrow(/x: a zero octet\n.*--seed 1 --from \d+ --count 1/);
  });

  test('finds what is slow each time, and nothing that is slow once', () => {
    const wait = (ms: number) => {
      for (const start = process.threadCpuUsage(); process.threadCpuUsage(start).user < ms * 1000; );
      return () => {};
    };
    let calls = 0;
    const once = target(() => {
      calls += 1;
      return wait(calls === 1 ? 60 : 0);
    });
    fuzz({ target: once, seed: 1, from: 0, count: 2 });
    expect(() => fuzz({ target: target(() => wait(70)), seed: 1, from: 0, count: 1 })).toThrow(
      /takes \d+ ms/,
    );
  });
});
