import { type Action, failed, goOn } from '../action.ts';
import { jsonOf, textOf } from '../data.ts';
import { clip } from '../presence-id.ts';
import { variableOf } from '../variable.ts';

/** Goes on by the value of a variable: the exit of that name. */
export const branchVariable: Action = {
  module: 'branch_variable',
  title: 'Branch by Variable',
  group: 'Branch',
  help: 'Goes on below the exit that is named like the value of a variable.',
  fields: [
    {
      kind: 'text',
      key: 'variable',
      label: 'Variable',
      help: 'A variable that was set before or given with the run, or one of number, caller, capture, realm, trigger.',
      required: true,
      maxLength: 128,
      suggest: 'variable',
    },
  ],
  defaultData: { variable: 'caller' },
  exits: () => ({ named: [{ name: '_', label: 'Otherwise' }], further: 'value of the variable' }),
  caption: (data) => textOf(data, 'variable') ?? '',
  check: (data) => {
    const scope = jsonOf(data, 'scope');
    if (scope === undefined || scope === 'custom_channel_vars') return [];
    const message = 'Only variables of the call are known here: the scope is passed over';
    return [{ severity: 'warning', code: 'unknown-scope', message }];
  },
  begin: (block) => {
    const name = textOf(block.data, 'variable');
    if (name === null) return failed('No variable is named');
    const value = variableOf(block, name);
    if (value === null) return goOn(`${clip(name)} is not set`);
    return { kind: 'exit', exit: value, result: `${clip(name)} is "${clip(value)}"` };
  },
};
