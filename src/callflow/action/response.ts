import { type Action, type BlockProblem, noExit } from '../action.ts';
import { type Data, jsonOf, textOf } from '../data.ts';
import type { NumberField, TextField } from '../field.ts';
import { finish, finished } from './final.ts';

const CODE: NumberField = {
  kind: 'number',
  key: 'code',
  label: 'Code',
  help: 'A SIP response from 400 to 699: 486 is busy, 480 unavailable, 404 not found, 603 declined.',
  min: 400,
  max: 699,
  initial: 486,
};

const MESSAGE: TextField = {
  kind: 'text',
  key: 'message',
  label: 'Reason',
  help: 'The words beside the code; many phones show them. Left empty: the usual ones.',
  maxLength: 64,
};

/** Answers the call with a SIP response; the flow ends. */
export const response: Action = {
  module: 'response',
  title: 'Response',
  group: 'Call',
  help: 'Answers the call with a SIP code and a reason, and ends the flow.',
  fields: [CODE, MESSAGE],
  defaultData: { code: 486, message: '' },
  exits: noExit,
  caption: textFor,
  check: checkMessage,
  begin: (block) => {
    const reason = reasonOf(block.data);
    const status = codeOf(block.data);
    return finish(
      block,
      { kind: 'respond', status, ...(reason === null ? {} : { reason }) },
      textFor(block.data),
    );
  },
  resume: (block, answer) => finished(answer, textFor(block.data)),
};

function textFor(data: Data): string {
  return `${codeOf(data)} ${reasonOf(data) ?? ''}`.trim();
}

/** A code out of range is taken for the initial one: 1xx and 2xx would leave the phone in a call that nobody has. */
function codeOf(data: Data): number {
  const value = jsonOf(data, CODE.key);
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= CODE.min && value <= CODE.max;
  return fits ? value : 486;
}

/** RFC 3261 §25.1: a Reason-Phrase is one line; what would break out of it is not sent. */
function reasonOf(data: Data): string | null {
  const text = textOf(data, MESSAGE.key);
  return text === null || hasControl(text) ? null : text.slice(0, MESSAGE.maxLength);
}

function checkMessage(data: Data): readonly BlockProblem[] {
  const text = textOf(data, MESSAGE.key);
  if (text === null || !hasControl(text)) return [];
  return [
    {
      severity: 'error',
      code: 'bad-reason',
      message: 'The reason must be one line without control characters',
    },
  ];
}

function hasControl(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  return /[\u0000-\u001f\u007f]/.test(text);
}
