import { type Action, noExit } from '../action.ts';
import { finish, finished } from './final.ts';

/** Ends the call; the flow ends. */
export const hangup: Action = {
  module: 'hangup',
  title: 'Hang Up',
  group: 'Call',
  help: 'Ends the call and the flow.',
  fields: [],
  defaultData: {},
  exits: noExit,
  caption: () => '',
  begin: (block) => finish(block, { kind: 'hangup' }, 'Hung up'),
  resume: (_, answer) => finished(answer, 'Hung up'),
};
