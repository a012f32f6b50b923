import { type Action, failed, oneExit } from '../action.ts';
import { jsonOf, textOf } from '../data.ts';
import { RUN_LIMITS } from '../limits.ts';
import { clip } from '../presence-id.ts';

/** Gives a variable of the run a value, for the blocks after it. */
export const setVariable: Action = {
  module: 'set_variable',
  title: 'Set Variable',
  group: 'Advanced',
  help: 'Gives a variable a value, for the branches and webhooks after it.',
  fields: [
    {
      kind: 'text',
      key: 'variable',
      label: 'Variable',
      help: 'The name of the variable.',
      required: true,
      maxLength: 128,
      suggest: 'variable',
    },
    {
      kind: 'text',
      key: 'value',
      label: 'Value',
      help: 'The text it holds from now on.',
      maxLength: RUN_LIMITS.variable,
    },
  ],
  defaultData: { variable: '', value: '' },
  exits: oneExit,
  caption: (data) => `${textOf(data, 'variable') ?? ''} = ${textOf(data, 'value') ?? ''}`,
  begin: ({ data, variables }) => {
    const name = textOf(data, 'variable');
    if (name === null || name.length > 128 || name === '__proto__') return failed('No variable is named');
    if (!Object.hasOwn(variables, name) && Object.keys(variables).length >= RUN_LIMITS.variables) {
      return failed(`The run has ${RUN_LIMITS.variables} variables already`);
    }
    const given = jsonOf(data, 'value');
    const value = (typeof given === 'string' ? given : '').slice(0, RUN_LIMITS.variable);
    return { kind: 'exit', exit: '_', result: `${clip(name)} is "${clip(value)}"`, set: { name, value } };
  },
};
