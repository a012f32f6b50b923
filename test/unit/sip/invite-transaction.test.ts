import { describe, expect, test } from 'vitest';
import {
  type InviteAction,
  type InviteInput,
  type InviteState,
  inviteStep,
} from '../../../src/sip/invite-transaction.ts';

type Cell = readonly [InviteState, InviteInput, InviteState, InviteAction, string];

/** State, input, next state, action: every cell of the table, in the words of the clause. */
const CELLS: readonly Cell[] = [
  [
    'proceeding',
    'invite',
    'proceeding',
    'resend',
    'a copy of the INVITE gets the newest provisional response',
  ],
  [
    'proceeding',
    'provisional',
    'proceeding',
    'send',
    'the core may send any number of provisional responses',
  ],
  ['proceeding', 'accept', 'accepted', 'succeed', 'RFC 6026 §7.1: a 2xx moves to Accepted'],
  ['proceeding', 'refuse', 'completed', 'complete', 'a response of 300 to 699 moves to Completed'],
  ['proceeding', 'ack', 'proceeding', 'none', 'there is nothing to acknowledge yet'],
  ['proceeding', 'timerG', 'proceeding', 'none', 'Timer G does not run yet'],
  ['proceeding', 'timerH', 'proceeding', 'none', 'Timer H does not run yet'],
  ['proceeding', 'timerI', 'proceeding', 'none', 'Timer I does not run yet'],
  ['proceeding', 'timerL', 'proceeding', 'none', 'Timer L does not run yet'],
  ['completed', 'invite', 'completed', 'resend', 'a copy of the INVITE gets the final response'],
  ['completed', 'provisional', 'completed', 'none', 'nothing follows a final response'],
  ['completed', 'accept', 'completed', 'none', 'nothing follows a final response'],
  ['completed', 'refuse', 'completed', 'none', 'nothing follows a final response'],
  ['completed', 'ack', 'confirmed', 'confirm', 'an ACK moves to Confirmed and ends Timer G'],
  [
    'completed',
    'timerG',
    'completed',
    'retransmit',
    'Timer G sends the response again and doubles, at most T2',
  ],
  ['completed', 'timerH', 'terminated', 'forget', 'Timer H: the ACK never came'],
  ['completed', 'timerI', 'completed', 'none', 'Timer I does not run before the ACK'],
  ['completed', 'timerL', 'completed', 'none', 'Timer L runs in Accepted only'],
  [
    'accepted',
    'invite',
    'accepted',
    'none',
    'RFC 6026 §7.1: a copy of the INVITE is absorbed without a response',
  ],
  ['accepted', 'provisional', 'accepted', 'none', 'nothing follows a final response'],
  ['accepted', 'accept', 'accepted', 'send', 'RFC 6026 §7.1: the core sends its 2xx again through here'],
  ['accepted', 'refuse', 'accepted', 'none', 'nothing else follows a 2xx'],
  ['accepted', 'ack', 'accepted', 'acknowledge', 'RFC 6026 §7.1: an ACK is passed to the core'],
  ['accepted', 'timerG', 'accepted', 'none', 'Timer G is for Completed: the core retransmits a 2xx'],
  ['accepted', 'timerH', 'accepted', 'none', 'Timer H is for Completed: the core waits for the ACK to a 2xx'],
  ['accepted', 'timerI', 'accepted', 'none', 'Timer I runs in Confirmed only'],
  ['accepted', 'timerL', 'terminated', 'forget', 'RFC 6026 §7.1: Timer L ends the transaction'],
  ['confirmed', 'invite', 'confirmed', 'none', 'a late copy of the INVITE is no new one'],
  ['confirmed', 'provisional', 'confirmed', 'none', 'nothing follows a final response'],
  ['confirmed', 'accept', 'confirmed', 'none', 'nothing follows a final response'],
  ['confirmed', 'refuse', 'confirmed', 'none', 'nothing follows a final response'],
  ['confirmed', 'ack', 'confirmed', 'none', 'Confirmed absorbs further ACKs'],
  ['confirmed', 'timerG', 'confirmed', 'none', 'the response is not sent any more'],
  ['confirmed', 'timerH', 'confirmed', 'none', 'the ACK has come'],
  ['confirmed', 'timerI', 'terminated', 'forget', 'Timer I ends the transaction'],
  ['confirmed', 'timerL', 'confirmed', 'none', 'Timer L runs in Accepted only'],
  ['terminated', 'invite', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'provisional', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'accept', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'refuse', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'ack', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'timerG', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'timerH', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'timerI', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'timerL', 'terminated', 'none', 'Terminated is the end'],
];

describe('inviteStep() follows RFC 3261 §17.2.1 and RFC 6026 §7.1', () => {
  test.each(CELLS)('%s + %s -> %s, %s: %4$s', (state, input, next, action) => {
    expect(inviteStep(state, input)).toEqual({ next, action });
  });

  test('allocates nothing: the same cell is the same frozen object', () => {
    expect(inviteStep('completed', 'timerG')).toBe(inviteStep('completed', 'timerG'));
    expect(Object.isFrozen(inviteStep('proceeding', 'accept'))).toBe(true);
    expect(Object.isFrozen(inviteStep('confirmed', 'ack'))).toBe(true);
  });

  test('the table above has every cell', () => {
    expect(new Set(CELLS.map(([state, input]) => `${state} ${input}`)).size).toBe(5 * 9);
  });
});
