import type { Block, Move } from '../action.ts';
import type { RunAnswer, RunEffect } from '../run.ts';

/** The first move of a block that answers the call: where there is no call, the flow simply ends. */
export function finish(block: Block, effect: RunEffect, result: string): Move {
  if (block.trigger !== 'call') return { kind: 'end', result: `${result}, but there is no call to answer` };
  return { kind: 'ask', effect };
}

/** The last move of a block that answers the call. */
export function finished(answer: RunAnswer, result: string): Move {
  if (answer.kind === 'done') return { kind: 'end', result, outcome: 'answered' };
  const message = answer.kind === 'failed' ? answer.message : 'The call was not answered';
  return { kind: 'end', result: message, outcome: 'failed' };
}
