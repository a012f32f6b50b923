import { formatResource } from '../../presence/resource.ts';
import { type Action, type Block, failed, goOn, type Move, oneExit } from '../action.ts';
import { type Data, jsonOf, numberOf, textOf } from '../data.ts';
import type { ChoiceField, NumberField, TextField } from '../field.ts';
import { blockResource, checkPresenceId, PRESENCE_ID } from '../presence-id.ts';
import type { RunAnswer, RunEffect } from '../run.ts';

type ManualEffect = Extract<RunEffect, { kind: 'set-manual' }>;

const STATUSES = ['idle', 'ringing', 'busy', 'toggle'] as const;

const STATUS: ChoiceField = {
  kind: 'choice',
  key: 'status',
  label: 'Status',
  help: 'What the lamp shows from now on. Toggle flips it between idle and busy at each run.',
  options: [
    { value: 'idle', label: 'Idle' },
    { value: 'ringing', label: 'Ringing' },
    { value: 'busy', label: 'Busy' },
    { value: 'toggle', label: 'Toggle' },
  ],
  initial: 'idle',
};

const EXPIRES_IN: NumberField = {
  kind: 'number',
  key: 'expires_in',
  label: 'Falls back to idle after',
  help: 'Left empty, the status stays until it is changed.',
  min: 1,
  max: 31_536_000,
  unit: 'seconds',
  initial: null,
  advanced: true,
};

const NOTE: TextField = {
  kind: 'text',
  key: 'note',
  label: 'Note',
  help: 'Shown beside the lamp on the lamp board and on phones that show notes.',
  maxLength: 200,
  advanced: true,
};

/** Sets the manual status of a presence ID: every lamp that watches it moves. Kazoo's block, and a toggle. */
export const manualPresence: Action = {
  module: 'manual_presence',
  title: 'Manual Presence',
  group: 'Advanced',
  help: 'Sets the busy lamp of a presence ID to idle, ringing or busy, on every phone that watches it.',
  fields: [{ ...PRESENCE_ID, required: true }, STATUS, EXPIRES_IN, NOTE],
  defaultData: { presence_id: '', status: 'busy' },
  exits: oneExit,
  caption: (data) =>
    `${textOf(data, PRESENCE_ID.key) ?? 'captured ID'}: ${textOf(data, STATUS.key) ?? STATUS.initial}`,
  check: checkPresenceId,
  begin: (block) => {
    const effect = effectOf(block);
    return typeof effect === 'string' ? failed(effect) : { kind: 'ask', effect };
  },
  resume,
};

/** What to have done, or why nothing can be. */
function effectOf(block: Block): ManualEffect | string {
  const status = statusOf(block.data);
  if (status === null) return 'The status is none of idle, ringing, busy, toggle';
  const found = blockResource(block);
  if (found.kind === 'refused') return found.message;
  const note = textOf(block.data, NOTE.key)?.slice(0, NOTE.maxLength);
  const expiresIn = numberOf(block.data, EXPIRES_IN);
  return {
    kind: 'set-manual',
    resource: found.resource,
    status,
    ...(note === undefined ? {} : { note }),
    ...(expiresIn === null ? {} : { expiresIn: Math.round(expiresIn) }),
  };
}

function statusOf(data: Data): ManualEffect['status'] | null {
  // Kazoo takes an empty text for an absent one.
  const value = jsonOf(data, STATUS.key) ?? '';
  return STATUSES.find((status) => status === (value === '' ? STATUS.initial : value)) ?? null;
}

function resume(block: Block, answer: RunAnswer): Move {
  if (answer.kind !== 'manual') {
    return failed(answer.kind === 'failed' ? answer.message : 'The lamp was not set');
  }
  const found = blockResource(block);
  const id = found.kind === 'resource' ? formatResource(found.resource) : '';
  return goOn(`${id} ${answer.changed ? 'set to' : 'was already'} ${answer.status}`);
}
