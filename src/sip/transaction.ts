/** States of a non-INVITE client transaction (RFC 3261 §17.1.2.2, figure 6). */
export type ClientState = 'trying' | 'proceeding' | 'completed' | 'terminated';

/** What can happen to a client transaction. `failed`: the transport says that it cannot send. */
export type ClientInput = 'provisional' | 'final' | 'timerE' | 'timerF' | 'timerK' | 'failed';

/**
 * What the owner of a client transaction does:
 * `double` sends again and sets Timer E to twice its value, at most T2; `steady` sends again and sets it to T2;
 * `deliver` hands the response up and starts Timer K; `timeout` and `unreachable` tell how it ended;
 * `forget` frees it.
 */
export type ClientAction = 'none' | 'double' | 'steady' | 'deliver' | 'timeout' | 'unreachable' | 'forget';

/** States of a non-INVITE server transaction (RFC 3261 §17.2.2, figure 8). */
export type ServerState = 'trying' | 'proceeding' | 'completed' | 'terminated';

/** What can happen to a server transaction. `request`: a retransmission; the first one creates it in `trying`. */
export type ServerInput = 'request' | 'provisional' | 'final' | 'timerJ' | 'failed';

/**
 * What the owner of a server transaction does: `send` the response that came with the input; `finish` sends it
 * and starts Timer J; `resend` the last one; `forget` frees it.
 */
export type ServerAction = 'none' | 'send' | 'finish' | 'resend' | 'forget';

/** One cell of a transaction table. */
export interface Step<State, Action> {
  readonly next: State;
  readonly action: Action;
}

type Table<State extends string, Input extends string, Action> = Readonly<
  Record<State, Readonly<Record<Input, Step<State, Action>>>>
>;

/** The timers of RFC 3261 §17 that may be set, in ms. */
export interface TransactionTimers {
  /** Estimate of the round trip: 500. */
  readonly t1Ms: number;
  /** Longest interval between retransmissions: 4000. */
  readonly t2Ms: number;
  /** How long a message stays in the network: 5000. */
  readonly t4Ms: number;
}

/** RFC 3261 §17.1.1.1, table 4. */
export const STANDARD_TIMERS: TransactionTimers = Object.freeze({ t1Ms: 500, t2Ms: 4000, t4Ms: 5000 });

function cell<State, Action>(next: State, action: Action): Step<State, Action> {
  return Object.freeze({ next, action });
}

const CLIENT: Table<ClientState, ClientInput, ClientAction> = {
  trying: {
    provisional: cell('proceeding', 'none'),
    final: cell('completed', 'deliver'),
    timerE: cell('trying', 'double'),
    timerF: cell('terminated', 'timeout'),
    timerK: cell('trying', 'none'),
    failed: cell('terminated', 'unreachable'),
  },
  proceeding: {
    provisional: cell('proceeding', 'none'),
    final: cell('completed', 'deliver'),
    timerE: cell('proceeding', 'steady'),
    timerF: cell('terminated', 'timeout'),
    timerK: cell('proceeding', 'none'),
    failed: cell('terminated', 'unreachable'),
  },
  completed: {
    provisional: cell('completed', 'none'),
    final: cell('completed', 'none'),
    timerE: cell('completed', 'none'),
    timerF: cell('completed', 'none'),
    timerK: cell('terminated', 'forget'),
    failed: cell('completed', 'none'),
  },
  terminated: {
    provisional: cell('terminated', 'none'),
    final: cell('terminated', 'none'),
    timerE: cell('terminated', 'none'),
    timerF: cell('terminated', 'none'),
    timerK: cell('terminated', 'none'),
    failed: cell('terminated', 'none'),
  },
};

const SERVER: Table<ServerState, ServerInput, ServerAction> = {
  trying: {
    request: cell('trying', 'none'),
    provisional: cell('proceeding', 'send'),
    final: cell('completed', 'finish'),
    timerJ: cell('trying', 'none'),
    failed: cell('terminated', 'forget'),
  },
  proceeding: {
    request: cell('proceeding', 'resend'),
    provisional: cell('proceeding', 'send'),
    final: cell('completed', 'finish'),
    timerJ: cell('proceeding', 'none'),
    failed: cell('terminated', 'forget'),
  },
  completed: {
    request: cell('completed', 'resend'),
    provisional: cell('completed', 'none'),
    final: cell('completed', 'none'),
    timerJ: cell('terminated', 'forget'),
    failed: cell('terminated', 'forget'),
  },
  terminated: {
    request: cell('terminated', 'none'),
    provisional: cell('terminated', 'none'),
    final: cell('terminated', 'none'),
    timerJ: cell('terminated', 'none'),
    failed: cell('terminated', 'none'),
  },
};

/** The step of a non-INVITE client transaction (RFC 3261 §17.1.2.2). Gives the same frozen object each time. */
export function clientStep(state: ClientState, input: ClientInput): Step<ClientState, ClientAction> {
  return CLIENT[state][input];
}

/** The step of a non-INVITE server transaction (RFC 3261 §17.2.2). Gives the same frozen object each time. */
export function serverStep(state: ServerState, input: ServerInput): Step<ServerState, ServerAction> {
  return SERVER[state][input];
}
