import type { ByteString, SipResponse } from '../../sip/message.ts';
import { type ClientInput, type ClientState, clientStep, STANDARD_TIMERS } from '../../sip/transaction.ts';

/** Calls `task` once after `ms`; the function returned cancels it. */
export type After = (ms: number, task: () => void) => () => void;

export interface ClientRequestOptions {
  readonly text: ByteString;
  readonly send: (text: ByteString) => void;
  readonly after: After;
  /** Called once with the final response, or with null when none came within 64*T1. */
  readonly done: (response: SipResponse | null) => void;
}

/** One request over UDP with its retransmissions: a non-INVITE client transaction (RFC 3261 §17.1.2). */
export class ClientRequest {
  readonly #options: ClientRequestOptions;
  #state: ClientState = 'trying';
  #intervalMs = STANDARD_TIMERS.t1Ms;
  #stopE: () => void = () => {};
  #stopF: () => void = () => {};

  constructor(options: ClientRequestOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopF = this.#options.after(64 * STANDARD_TIMERS.t1Ms, () => this.#step('timerF', null));
    this.#send();
  }

  /** A response to this request, found by the branch of its Via. */
  hear(response: SipResponse): void {
    this.#step(response.status < 200 ? 'provisional' : 'final', response);
  }

  /** Ends it without a word. */
  cancel(): void {
    this.#state = 'terminated';
    this.#stopE();
    this.#stopF();
  }

  #step(input: ClientInput, response: SipResponse | null): void {
    const { next, action } = clientStep(this.#state, input);
    this.#state = next;
    if (action === 'double') this.#again(Math.min(2 * this.#intervalMs, STANDARD_TIMERS.t2Ms));
    if (action === 'steady') this.#again(STANDARD_TIMERS.t2Ms);
    if (action === 'deliver' || action === 'timeout') this.#finish(response);
  }

  #again(intervalMs: number): void {
    this.#intervalMs = intervalMs;
    this.#send();
  }

  #send(): void {
    this.#options.send(this.#options.text);
    this.#stopE = this.#options.after(this.#intervalMs, () => this.#step('timerE', null));
  }

  #finish(response: SipResponse | null): void {
    this.cancel();
    this.#options.done(response);
  }
}
