import type { Step } from './transaction.ts';

/**
 * States of a call on our side, the UAS of its INVITE, from the 2xx on. `answered`: the 2xx is retransmitted until
 * the ACK comes; `leaving`: the same, and the application wants to hang up; `established`: the ACK has come;
 * `ending`: our BYE is on its way; `ended`: there is nothing more to do.
 */
export type CallState = 'answered' | 'leaving' | 'established' | 'ending' | 'ended';

/**
 * What can happen to a call. `repeat`: the interval of the 2xx has passed; `giveUp`: 64*T1 have passed without an
 * ACK; `hangUp`: the application ends it; `bye`: the caller does; `settled`: our BYE has its final response or none.
 */
export type CallInput = 'ack' | 'repeat' | 'giveUp' | 'hangUp' | 'bye' | 'settled';

/**
 * What the owner of a call does: `resend` the 2xx and double the interval, at most T2; `quiet` stops that; `bye`
 * stops it and sends BYE; `forget` frees the call.
 */
export type CallAction = 'none' | 'resend' | 'quiet' | 'bye' | 'forget';

type Row = Readonly<Record<CallInput, Step<CallState, CallAction>>>;

function cell(next: CallState, action: CallAction): Step<CallState, CallAction> {
  return Object.freeze({ next, action });
}

const TABLE: Readonly<Record<CallState, Row>> = {
  answered: {
    ack: cell('established', 'quiet'),
    repeat: cell('answered', 'resend'),
    // RFC 3261 §13.3.1.4: the dialog is confirmed all the same, and the session is ended with a BYE.
    giveUp: cell('ending', 'bye'),
    // RFC 3261 §15: the callee sends no BYE until it has the ACK, or the 2xx has timed out.
    hangUp: cell('leaving', 'none'),
    bye: cell('ended', 'forget'),
    settled: cell('answered', 'none'),
  },
  leaving: {
    ack: cell('ending', 'bye'),
    repeat: cell('leaving', 'resend'),
    giveUp: cell('ending', 'bye'),
    hangUp: cell('leaving', 'none'),
    bye: cell('ended', 'forget'),
    settled: cell('leaving', 'none'),
  },
  established: {
    ack: cell('established', 'none'),
    repeat: cell('established', 'none'),
    giveUp: cell('established', 'none'),
    hangUp: cell('ending', 'bye'),
    bye: cell('ended', 'forget'),
    settled: cell('established', 'none'),
  },
  ending: {
    ack: cell('ending', 'none'),
    repeat: cell('ending', 'none'),
    giveUp: cell('ending', 'none'),
    hangUp: cell('ending', 'none'),
    // Both hang up at once: the caller's BYE gets its 200, and ours the answer that it gets.
    bye: cell('ending', 'none'),
    // RFC 3261 §15.1.1: whatever the answer is, 481, 408 and none at all too, the call is over.
    settled: cell('ended', 'forget'),
  },
  ended: {
    ack: cell('ended', 'none'),
    repeat: cell('ended', 'none'),
    giveUp: cell('ended', 'none'),
    hangUp: cell('ended', 'none'),
    bye: cell('ended', 'none'),
    settled: cell('ended', 'none'),
  },
};

/** The step of a call (RFC 3261 §13.3.1.4 and §15). Gives the same frozen object each time. */
export function callStep(state: CallState, input: CallInput): Step<CallState, CallAction> {
  return TABLE[state][input];
}
