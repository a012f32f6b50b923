import {
  type Action,
  type Block,
  type BlockAround,
  type BlockProblem,
  type Exits,
  failed,
  type Move,
} from '../action.ts';
import { type Data, textOf } from '../data.ts';
import { clip } from '../presence-id.ts';
import type { RunAnswer } from '../run.ts';

// Kazoo goes on where it stands when the callflow to jump to is gone.
const EXITS: Exits = { named: [{ name: '_', label: 'If it does not exist' }], further: null };

/** Goes on with another callflow of the realm; where that one does not exist, along the default exit. */
export const jumpToCallflow: Action = {
  module: 'callflow',
  title: 'Callflow',
  group: 'Call',
  help: 'Goes on with the first block of another callflow. A run that jumps in circles is ended.',
  fields: [
    {
      kind: 'text',
      key: 'id',
      label: 'Callflow',
      help: 'The callflow to go on with.',
      required: true,
      maxLength: 128,
      suggest: 'callflow',
    },
  ],
  defaultData: { id: '' },
  exits: () => EXITS,
  caption: (data) => textOf(data, 'id') ?? '',
  check: checkTarget,
  begin: (block) => {
    const id = textOf(block.data, 'id');
    if (id === null) return failed('No callflow is named');
    if (block.jumpsLeft === 0) return { kind: 'end', result: 'Too many jumps', outcome: 'too-long' };
    return { kind: 'ask', effect: { kind: 'load-callflow', id } };
  },
  resume,
};

function resume(block: Block, answer: RunAnswer): Move {
  if (answer.kind === 'failed') return failed(answer.message);
  const { loaded } = block;
  // The realm is compared again: a jump must never lead to another tenant.
  if (answer.kind !== 'callflow' || !answer.found || loaded === null || loaded.realm !== block.realm) {
    return failed(`There is no callflow ${clip(textOf(block.data, 'id') ?? '')}`);
  }
  return { kind: 'jump', callflow: loaded, result: `On to ${clip(loaded.name || loaded.id)}` };
}

function checkTarget(data: Data, { callflow, others }: BlockAround): readonly BlockProblem[] {
  const id = textOf(data, 'id');
  if (id === null || id === callflow.id || others.some((other) => other.id === id)) return [];
  return [
    {
      severity: 'warning',
      code: 'unknown-callflow',
      message: `There is no callflow "${clip(id)}" in this realm`,
    },
  ];
}
