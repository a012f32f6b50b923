import { RE2JS } from 're2js';
import { DOCUMENT_LIMITS } from './callflow/limits.ts';
import type { Compile, Matcher } from './callflow/pattern.ts';
import { patternSize } from './callflow/pattern-size.ts';
import { madeOnce } from './made-once.ts';

/** Patterns that are kept compiled at most. */
const REMEMBERED = 2000;
/** Nobody dials more characters: a longer text matches nothing, in no time. */
const LONGEST_TEXT = 256;

/**
 * Compiles patterns of callflows with RE2, whose time is linear in the text whatever the pattern: no document can
 * stop a call with `(a+)+$`, and no pattern whose program is large is compiled. Each pattern is compiled once.
 */
export function createPatternCompiler(): Compile {
  return madeOnce(compile, REMEMBERED);
}

function compile(pattern: string): Matcher | null {
  if (patternSize(pattern) > DOCUMENT_LIMITS.patternSize) return null;
  let program: RE2JS;
  try {
    program = RE2JS.compile(pattern);
  } catch {
    return null;
  }
  const names = Object.entries(program.namedGroups());
  return (text) => {
    if (text.length > LONGEST_TEXT) return null;
    const matcher = program.matcher(text);
    if (!matcher.find()) return null;
    const group = (index: number) => matcher.group(index) ?? '';
    return {
      whole: group(0),
      groups: Array.from({ length: matcher.groupCount() }, (_, index) => group(index + 1)),
      named: Object.fromEntries(names.map(([name, index]) => [name, group(Number(index))])),
    };
  };
}
