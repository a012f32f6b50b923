import { formatResource } from '../../presence/resource.ts';
import { type Action, type Block, type Exits, failed, type Move } from '../action.ts';
import { textOf } from '../data.ts';
import { blockResource, checkPresenceId, PRESENCE_ID } from '../presence-id.ts';
import type { RunAnswer } from '../run.ts';

const EXITS: Exits = {
  named: [
    { name: 'idle', label: 'Idle' },
    { name: 'ringing', label: 'Ringing' },
    { name: 'busy', label: 'Busy' },
    { name: 'held', label: 'On hold' },
    { name: '_', label: 'Otherwise' },
  ],
  further: null,
};

/** Goes on by what the lamp of a presence ID shows now, calls included. */
export const presenceBranch: Action = {
  module: 'presence_branch',
  title: 'Presence Branch',
  group: 'Branch',
  help: 'Goes on by what the lamp of a presence ID shows at this moment, its calls included.',
  fields: [{ ...PRESENCE_ID, help: 'The Presence ID whose lamp is looked at.', required: true }],
  defaultData: { presence_id: '' },
  exits: () => EXITS,
  caption: (data) => textOf(data, PRESENCE_ID.key) ?? 'captured ID',
  check: checkPresenceId,
  begin: (block) => {
    const found = blockResource(block);
    if (found.kind === 'refused') return failed(found.message);
    return { kind: 'ask', effect: { kind: 'read-lamp', resource: found.resource } };
  },
  resume,
};

function resume(block: Block, answer: RunAnswer): Move {
  if (answer.kind !== 'lamp')
    return failed(answer.kind === 'failed' ? answer.message : 'The lamp was not read');
  const found = blockResource(block);
  const id = found.kind === 'resource' ? formatResource(found.resource) : '';
  return { kind: 'exit', exit: answer.status, result: `${id} is ${answer.status}` };
}
