import type { Callflow } from './callflow.ts';
import { checkPattern } from './check-pattern.ts';
import type { Compile } from './pattern.ts';
import { clip } from './presence-id.ts';
import type { CallflowProblem } from './problem.ts';

/** What is wrong with the numbers and patterns that reach a callflow. */
export function checkNumbers(
  callflow: Callflow,
  others: readonly Callflow[],
  compile: Compile,
): readonly CallflowProblem[] {
  const { numbers, patterns, schedule } = callflow;
  if (numbers.length + patterns.length + schedule.length === 0) {
    return [
      whole(
        'warning',
        'no-number',
        'The callflow has no number, no pattern and no schedule: nothing reaches it',
      ),
    ];
  }
  return [
    ...numbers.filter((number) => !isDialled(number)).map(badNumber),
    ...repeated(numbers).map((number) =>
      whole('warning', 'number-twice', `The number ${clip(number)} is listed twice`),
    ),
    ...clashes('numbers', callflow, others).map(([number, other]) =>
      whole('error', 'number-clash', `The number ${clip(number)} already reaches ${nameOf(other)}`),
    ),
    ...patterns
      .flatMap((pattern) => checkPattern(pattern, compile))
      .map((problem) => ({ ...problem, path: null })),
    ...clashes('patterns', callflow, others).map(([pattern, other]) =>
      whole('warning', 'pattern-clash', `The pattern ${clip(pattern)} is also one of ${nameOf(other)}`),
    ),
  ];
}

/** Anything that the user part of a SIP address can be, and people can see. */
function isDialled(number: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  return !/[\s\u0000-\u001f\u007f@<>"]/.test(number);
}

function badNumber(number: string): CallflowProblem {
  return whole(
    'error',
    'bad-number',
    `"${clip(number)}" cannot be dialled: want no blanks and none of @ < > "`,
  );
}

function repeated(list: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return list.filter((item) => seen.size === seen.add(item).size);
}

/** The numbers or patterns that another callflow has too, each with the first such callflow. */
function clashes(
  key: 'numbers' | 'patterns',
  callflow: Callflow,
  others: readonly Callflow[],
): readonly (readonly [string, Callflow])[] {
  const mine = [...new Set(callflow[key])];
  return mine.flatMap((item) => {
    const other = others.find((one) => one[key].includes(item));
    return other === undefined ? [] : [[item, other] as const];
  });
}

function nameOf(callflow: Callflow): string {
  return `"${clip(callflow.name || callflow.id)}"`;
}

function whole(severity: CallflowProblem['severity'], code: string, message: string): CallflowProblem {
  return { severity, code, message, path: null };
}
