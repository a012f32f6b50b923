import { describe, expect, test } from 'vitest';
import { type CallAction, type CallInput, type CallState, callStep } from '../../../src/sip/call.ts';

type Cell = readonly [CallState, CallInput, CallState, CallAction, string];

/** State, input, next state, action: every cell of the table, in the words of the clause. */
const CELLS: readonly Cell[] = [
  ['answered', 'ack', 'established', 'quiet', '§13.3.1.4: the ACK ends the retransmissions of the 2xx'],
  [
    'answered',
    'repeat',
    'answered',
    'resend',
    '§13.3.1.4: the 2xx goes out again, interval doubled up to T2',
  ],
  [
    'answered',
    'giveUp',
    'ending',
    'bye',
    '§13.3.1.4: without an ACK in 64*T1 the session is ended with a BYE',
  ],
  ['answered', 'hangUp', 'leaving', 'none', '§15: no BYE before the ACK'],
  ['answered', 'bye', 'ended', 'forget', '§15.1.2: a BYE ends the call, ACK or not'],
  ['answered', 'settled', 'answered', 'none', 'no BYE is on its way'],
  ['leaving', 'ack', 'ending', 'bye', '§15: the ACK has come, now the BYE may go'],
  ['leaving', 'repeat', 'leaving', 'resend', '§13.3.1.4: the 2xx goes out again until the ACK'],
  ['leaving', 'giveUp', 'ending', 'bye', '§15: the 2xx has timed out, now the BYE may go'],
  ['leaving', 'hangUp', 'leaving', 'none', 'it is wanted already'],
  ['leaving', 'bye', 'ended', 'forget', 'the caller was faster'],
  ['leaving', 'settled', 'leaving', 'none', 'no BYE is on its way'],
  ['established', 'ack', 'established', 'none', 'a copy of the ACK is absorbed'],
  ['established', 'repeat', 'established', 'none', 'nothing is retransmitted'],
  ['established', 'giveUp', 'established', 'none', 'the ACK has come'],
  ['established', 'hangUp', 'ending', 'bye', '§15.1.1: BYE ends the call'],
  ['established', 'bye', 'ended', 'forget', '§15.1.2: the BYE of the caller ends the call'],
  ['established', 'settled', 'established', 'none', 'no BYE is on its way'],
  ['ending', 'ack', 'ending', 'none', 'a late ACK changes nothing'],
  ['ending', 'repeat', 'ending', 'none', 'nothing is retransmitted'],
  ['ending', 'giveUp', 'ending', 'none', 'the BYE is on its way'],
  ['ending', 'hangUp', 'ending', 'none', 'one BYE is enough'],
  ['ending', 'bye', 'ending', 'none', 'both hang up at once'],
  ['ending', 'settled', 'ended', 'forget', '§15.1.1: the answer, or none, ends the call'],
  ['ended', 'ack', 'ended', 'none', 'the end'],
  ['ended', 'repeat', 'ended', 'none', 'the end'],
  ['ended', 'giveUp', 'ended', 'none', 'the end'],
  ['ended', 'hangUp', 'ended', 'none', 'the end'],
  ['ended', 'bye', 'ended', 'none', 'the end'],
  ['ended', 'settled', 'ended', 'none', 'the end'],
];

describe('callStep() follows RFC 3261 §13.3.1.4 and §15', () => {
  test.each(CELLS)('%s + %s -> %s, %s: %4$s', (state, input, next, action) => {
    expect(callStep(state, input)).toEqual({ next, action });
  });

  test('allocates nothing: the same cell is the same frozen object', () => {
    expect(callStep('answered', 'ack')).toBe(callStep('answered', 'ack'));
    expect(Object.isFrozen(callStep('ending', 'settled'))).toBe(true);
  });

  test('the table above has every cell', () => {
    expect(new Set(CELLS.map(([state, input]) => `${state} ${input}`)).size).toBe(5 * 6);
  });
});
