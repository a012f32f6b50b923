import type { Callflow } from './callflow.ts';
import type { Compile, PatternMatch } from './pattern.ts';

/** Which callflow a number reaches. */
export interface NumberMatch {
  readonly callflow: Callflow;
  /** The longest capture of the pattern, or what the whole pattern covers; null for an exact number and `no_match`. */
  readonly capture: string | null;
  /** The named groups of the pattern. */
  readonly named: Readonly<Record<string, string>>;
}

/** The number of the callflow that takes what no other takes. */
const NO_MATCH = 'no_match';

/**
 * The callflow that a dialled number reaches, in Kazoo's order: the exact number, then the pattern with the longest
 * capture, then `no_match`, which takes only digits after an optional `+`, so that a mistyped feature code reaches
 * nobody. The first of `callflows` wins a tie. Null: there is none.
 */
export function matchNumber(
  number: string,
  callflows: readonly Callflow[],
  compile: Compile,
): NumberMatch | null {
  const exact = number === NO_MATCH ? undefined : withNumber(number, callflows);
  return exact ?? longestCapture(number, callflows, compile) ?? fallback(number, callflows) ?? null;
}

function withNumber(number: string, callflows: readonly Callflow[]): NumberMatch | undefined {
  const callflow = callflows.find((one) => one.numbers.includes(number));
  return callflow === undefined ? undefined : { callflow, capture: null, named: {} };
}

function longestCapture(
  number: string,
  callflows: readonly Callflow[],
  compile: Compile,
): NumberMatch | undefined {
  let best: { readonly capture: string; readonly match: NumberMatch } | undefined;
  for (const callflow of callflows) {
    for (const pattern of callflow.patterns) {
      const found = compile(pattern)?.(number) ?? null;
      if (found === null) continue;
      const capture = captureOf(found);
      if (best !== undefined && best.capture.length >= capture.length) continue;
      best = { capture, match: { callflow, capture, named: found.named } };
    }
  }
  return best?.match;
}

/** The longest group; a pattern without groups captures all that it covers. */
function captureOf({ groups, whole }: PatternMatch): string {
  return groups.length === 0
    ? whole
    : groups.reduce((one, other) => (other.length > one.length ? other : one));
}

function fallback(number: string, callflows: readonly Callflow[]): NumberMatch | undefined {
  return /^\+?\d+$/.test(number) ? withNumber(NO_MATCH, callflows) : undefined;
}
