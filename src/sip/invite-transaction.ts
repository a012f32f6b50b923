import type { Step } from './transaction.ts';

/** States of an INVITE server transaction (RFC 3261 §17.2.1 as corrected by RFC 6026 §7.1). */
export type InviteState = 'proceeding' | 'completed' | 'accepted' | 'confirmed' | 'terminated';

/**
 * What can happen to an INVITE server transaction. `invite`: a retransmission; the first one creates it in
 * `proceeding`. `accept`: a 2xx of the application. `refuse`: its 3xx, 4xx, 5xx or 6xx. `ack`: an ACK that matches it
 * (§17.2.3). A response that cannot be sent is no input: with RFC 6026 the transaction stays where it is.
 */
export type InviteInput =
  | 'invite'
  | 'provisional'
  | 'accept'
  | 'refuse'
  | 'ack'
  | 'timerG'
  | 'timerH'
  | 'timerI'
  | 'timerL';

/**
 * What the owner of an INVITE server transaction does:
 * `send` the response that came with the input; `complete` sends it and starts Timers G (unless on a stream) and H;
 * `succeed` sends it and starts Timer L; `resend` the last response; `retransmit` it, and set Timer G to twice its
 * value, at most T2; `confirm` stops Timers G and H and starts Timer I; `acknowledge` hands the ACK to the core;
 * `forget` frees it.
 */
export type InviteAction =
  | 'none'
  | 'send'
  | 'complete'
  | 'succeed'
  | 'resend'
  | 'retransmit'
  | 'confirm'
  | 'acknowledge'
  | 'forget';

type Row = Readonly<Record<InviteInput, Step<InviteState, InviteAction>>>;

/** A state in which nothing happens but what `cells` says. */
function row(state: InviteState, cells: Partial<Row>): Row {
  const stay = cell(state, 'none');
  return Object.freeze({
    invite: stay,
    provisional: stay,
    accept: stay,
    refuse: stay,
    ack: stay,
    timerG: stay,
    timerH: stay,
    timerI: stay,
    timerL: stay,
    ...cells,
  });
}

function cell(next: InviteState, action: InviteAction): Step<InviteState, InviteAction> {
  return Object.freeze({ next, action });
}

const TABLE: Readonly<Record<InviteState, Row>> = {
  proceeding: row('proceeding', {
    invite: cell('proceeding', 'resend'),
    provisional: cell('proceeding', 'send'),
    accept: cell('accepted', 'succeed'),
    refuse: cell('completed', 'complete'),
  }),
  completed: row('completed', {
    invite: cell('completed', 'resend'),
    ack: cell('confirmed', 'confirm'),
    timerG: cell('completed', 'retransmit'),
    timerH: cell('terminated', 'forget'),
  }),
  // RFC 6026 §7.1: the core retransmits the 2xx; a copy of the INVITE is absorbed without a response.
  accepted: row('accepted', {
    accept: cell('accepted', 'send'),
    ack: cell('accepted', 'acknowledge'),
    timerL: cell('terminated', 'forget'),
  }),
  confirmed: row('confirmed', { timerI: cell('terminated', 'forget') }),
  terminated: row('terminated', {}),
};

/** The step of an INVITE server transaction. Gives the same frozen object each time. */
export function inviteStep(state: InviteState, input: InviteInput): Step<InviteState, InviteAction> {
  return TABLE[state][input];
}
