import { describe, expect, test } from 'vitest';
import {
  type ClientAction,
  type ClientInput,
  type ClientState,
  clientStep,
  type ServerAction,
  type ServerInput,
  type ServerState,
  STANDARD_TIMERS,
  serverStep,
} from '../../../src/sip/transaction.ts';

/** State, input, next state, action: every cell of the table, in the words of the clause. */
const CLIENT: readonly (readonly [ClientState, ClientInput, ClientState, ClientAction, string])[] = [
  ['trying', 'timerE', 'trying', 'double', 'Timer E in Trying doubles, at most T2'],
  ['trying', 'timerF', 'terminated', 'timeout', 'Timer F in Trying tells the user of a timeout'],
  ['trying', 'failed', 'terminated', 'unreachable', 'a transport error in Trying tells the user'],
  ['trying', 'provisional', 'proceeding', 'none', 'a provisional response in Trying moves to Proceeding'],
  ['trying', 'final', 'completed', 'deliver', 'a final response in Trying moves to Completed'],
  ['trying', 'timerK', 'trying', 'none', 'Timer K does not run in Trying'],
  ['proceeding', 'timerE', 'proceeding', 'steady', 'Timer E in Proceeding is reset to T2'],
  ['proceeding', 'timerF', 'terminated', 'timeout', 'Timer F in Proceeding tells the user of a timeout'],
  ['proceeding', 'failed', 'terminated', 'unreachable', 'a transport error in Proceeding tells the user'],
  ['proceeding', 'provisional', 'proceeding', 'none', 'more provisional responses change nothing'],
  ['proceeding', 'final', 'completed', 'deliver', 'a final response in Proceeding moves to Completed'],
  ['proceeding', 'timerK', 'proceeding', 'none', 'Timer K does not run in Proceeding'],
  ['completed', 'timerE', 'completed', 'none', 'Completed sends nothing again'],
  ['completed', 'timerF', 'completed', 'none', 'Completed does not time out'],
  ['completed', 'failed', 'completed', 'none', 'Completed has nothing to send'],
  ['completed', 'provisional', 'completed', 'none', 'Completed absorbs what comes late'],
  ['completed', 'final', 'completed', 'none', 'Completed absorbs retransmitted responses'],
  ['completed', 'timerK', 'terminated', 'forget', 'Timer K ends the transaction'],
  ['terminated', 'timerE', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'timerF', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'failed', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'provisional', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'final', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'timerK', 'terminated', 'none', 'Terminated is the end'],
];

const SERVER: readonly (readonly [ServerState, ServerInput, ServerState, ServerAction, string])[] = [
  ['trying', 'request', 'trying', 'none', 'a retransmission in Trying is discarded'],
  ['trying', 'provisional', 'proceeding', 'send', 'a provisional response moves to Proceeding'],
  ['trying', 'final', 'completed', 'finish', 'a final response moves to Completed and starts Timer J'],
  ['trying', 'timerJ', 'trying', 'none', 'Timer J does not run in Trying'],
  ['trying', 'failed', 'terminated', 'forget', 'a transport error ends the transaction'],
  ['proceeding', 'request', 'proceeding', 'resend', 'a retransmission gets the newest provisional response'],
  ['proceeding', 'provisional', 'proceeding', 'send', 'more provisional responses are passed on'],
  ['proceeding', 'final', 'completed', 'finish', 'a final response moves to Completed and starts Timer J'],
  ['proceeding', 'timerJ', 'proceeding', 'none', 'Timer J does not run in Proceeding'],
  ['proceeding', 'failed', 'terminated', 'forget', 'a transport error ends the transaction'],
  ['completed', 'request', 'completed', 'resend', 'a retransmission gets the final response'],
  ['completed', 'provisional', 'completed', 'none', 'nothing follows a final response'],
  ['completed', 'final', 'completed', 'none', 'any other final response is discarded'],
  ['completed', 'timerJ', 'terminated', 'forget', 'Timer J ends the transaction'],
  ['completed', 'failed', 'terminated', 'forget', 'a transport error ends the transaction'],
  ['terminated', 'request', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'provisional', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'final', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'timerJ', 'terminated', 'none', 'Terminated is the end'],
  ['terminated', 'failed', 'terminated', 'none', 'Terminated is the end'],
];

describe('clientStep() follows RFC 3261 §17.1.2.2', () => {
  test.each(CLIENT)('%s + %s -> %s, %s: %4$s', (state, input, next, action) => {
    expect(clientStep(state, input)).toEqual({ next, action });
  });

  test('allocates nothing: the same cell is the same frozen object', () => {
    expect(clientStep('trying', 'timerE')).toBe(clientStep('trying', 'timerE'));
    expect(Object.isFrozen(clientStep('trying', 'final'))).toBe(true);
  });

  test('the table above has every cell', () => {
    expect(new Set(CLIENT.map(([state, input]) => `${state} ${input}`)).size).toBe(4 * 6);
  });
});

describe('serverStep() follows RFC 3261 §17.2.2', () => {
  test.each(SERVER)('%s + %s -> %s, %s: %4$s', (state, input, next, action) => {
    expect(serverStep(state, input)).toEqual({ next, action });
  });

  test('allocates nothing: the same cell is the same frozen object', () => {
    expect(serverStep('completed', 'request')).toBe(serverStep('completed', 'request'));
    expect(Object.isFrozen(serverStep('trying', 'final'))).toBe(true);
  });

  test('the table above has every cell', () => {
    expect(new Set(SERVER.map(([state, input]) => `${state} ${input}`)).size).toBe(4 * 5);
  });
});

test('STANDARD_TIMERS are T1, T2 and T4 of RFC 3261 §17.1.1.1', () => {
  expect(STANDARD_TIMERS).toEqual({ t1Ms: 500, t2Ms: 4000, t4Ms: 5000 });
});
