import { RE2JS } from 're2js';
import type { Compile, Matcher } from './callflow/pattern.ts';

/** Patterns that are kept compiled at most. */
const REMEMBERED = 2000;

/**
 * Compiles patterns of callflows with RE2, whose time is linear in the text whatever the pattern: no document can
 * stop a call with `(a+)+$`. Each pattern is compiled once.
 */
export function createPatternCompiler(): Compile {
  const compiled = new Map<string, Matcher | null>();
  return (pattern) => {
    const known = compiled.get(pattern);
    if (known !== undefined) return known;
    if (compiled.size >= REMEMBERED) compiled.clear();
    const made = compile(pattern);
    compiled.set(pattern, made);
    return made;
  };
}

function compile(pattern: string): Matcher | null {
  let program: RE2JS;
  try {
    program = RE2JS.compile(pattern);
  } catch {
    return null;
  }
  const names = Object.entries(program.namedGroups());
  return (text) => {
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
