import {
  type Action,
  type Block,
  type BlockAround,
  type BlockProblem,
  type Exits,
  failed,
  type Move,
} from '../action.ts';
import { checkPattern } from '../check-pattern.ts';
import { type Data, isOn, textOf } from '../data.ts';
import { clip } from '../presence-id.ts';

const BY_PATTERN: Exits = {
  named: [
    { name: 'match', label: 'Matches' },
    { name: 'nomatch', label: 'Does not match' },
    { name: '_', label: 'Otherwise', spare: true },
  ],
  further: null,
};

const BY_NUMBER: Exits = {
  named: [
    { name: 'nomatch', label: 'Does not match' },
    { name: '_', label: 'Otherwise' },
  ],
  further: 'number of the caller',
};

/** Goes on by who calls: by a pattern over the caller's number, or by the number itself. */
export const checkCid: Action = {
  module: 'check_cid',
  title: 'Check Caller',
  group: 'Branch',
  help: 'Goes on by who calls: whether a pattern matches the number of the caller, or by the number itself.',
  fields: [
    {
      kind: 'text',
      key: 'regex',
      label: 'Pattern',
      help: 'A regular expression (RE2) over the number of the caller, such as ^10[0-9]{2}$. Left empty, everybody matches.',
      maxLength: 256,
      placeholder: '^10[0-9]{2}$',
    },
    {
      kind: 'switch',
      key: 'use_absolute_mode',
      label: 'An exit for each caller',
      help: 'Goes on below the exit that is named like the number of the caller, if the pattern matches it.',
      initial: false,
    },
  ],
  defaultData: { regex: '' },
  exits: (data) => (isOn(data, 'use_absolute_mode') ? BY_NUMBER : BY_PATTERN),
  caption: (data) => textOf(data, 'regex') ?? 'everybody',
  check,
  begin,
};

function check(data: Data, { world }: BlockAround): readonly BlockProblem[] {
  const regex = textOf(data, 'regex');
  return regex === null ? [] : checkPattern(regex, world.compile);
}

function begin(block: Block): Move {
  const { caller, data, world } = block;
  const regex = textOf(data, 'regex');
  const matcher = regex === null ? null : world.compile(regex);
  if (regex !== null && matcher === null) return failed('The pattern cannot be run');
  const who = clip(caller) || 'an unknown caller';
  if (matcher !== null && matcher(caller) === null)
    return { kind: 'exit', exit: 'nomatch', result: `${who} does not match` };
  return { kind: 'exit', exit: isOn(data, 'use_absolute_mode') ? caller : 'match', result: `${who} matches` };
}
