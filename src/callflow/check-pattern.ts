import type { BlockProblem } from './action.ts';
import type { Callflow } from './callflow.ts';
import { textOf } from './data.ts';
import { DOCUMENT_LIMITS } from './limits.ts';
import type { Compile } from './pattern.ts';
import { patternSize } from './pattern-size.ts';
import { clip } from './presence-id.ts';
import { blocksOf } from './walk.ts';

/** What is wrong with a pattern: one that would take long is not compiled to find out. */
export function checkPattern(pattern: string, compile: Compile): readonly BlockProblem[] {
  if (patternSize(pattern) > DOCUMENT_LIMITS.patternSize) {
    const wanted = 'want fewer repetitions, and classes of ASCII only';
    return [error('costly-pattern', `"${clip(pattern)}" takes too long to be run: ${wanted}`)];
  }
  if (compile(pattern) !== null) return [];
  return [error('bad-pattern', `"${clip(pattern)}" is no pattern that can be run (RE2)`)];
}

/** True if the patterns of a callflow and of its blocks together would take long to be compiled. */
export function hasCostlyPatterns({ patterns, flow }: Callflow): boolean {
  const inBlocks = blocksOf(flow).flatMap(({ node }) => textOf(node.data, 'regex') ?? []);
  const sizes = [...patterns, ...inBlocks]
    .map(patternSize)
    .filter((size) => size <= DOCUMENT_LIMITS.patternSize);
  return sizes.reduce((sum, size) => sum + size, 0) > DOCUMENT_LIMITS.patternsSize;
}

function error(code: string, message: string): BlockProblem {
  return { severity: 'error', code, message };
}
