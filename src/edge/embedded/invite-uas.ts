import type { Answer, Flow, IncomingRequest } from '../../ports/edge.ts';
import { parseCseq } from '../../sip/cseq.ts';
import { inspectRequest } from '../../sip/inspect.ts';
import { headerOf, type SipRequest } from '../../sip/message.ts';
import { inspectSips } from '../../sip/sips.ts';
import { uasDialog } from '../../sip/uas-dialog.ts';
import { type AnswerSource, answerBytes, fittedBytes } from './answer-bytes.ts';
import { Call, type CallOptions, Calls } from './calls.ts';
import type { EdgeCount } from './inbound.ts';
import { type InviteTransaction, InviteTransactions } from './invite-transactions.ts';
import { toTagOf } from './response-text.ts';
import type { Arrival } from './served-request.ts';
import type { ServerOptions } from './server-transactions.ts';

/** What the serving of calls needs. */
export interface InviteOptions extends ServerOptions, AnswerSource, Pick<CallOptions, 'bye'> {
  /** An INVITE for the application. */
  deliver(request: IncomingRequest): void;
  /** Its caller has given up. */
  cancelled(request: IncomingRequest): void;
  /** Whether what came on this flow was certainly sent from there: on a stream, or in a network that is trusted. */
  believes(flow: Flow): boolean;
  count(name: EdgeCount): void;
}

/** An answer of ours on a flow: bounded where it may not be the sender's. */
export function answerTo(flow: Flow, answer: Answer, { believes }: Pick<InviteOptions, 'believes'>): Answer {
  return believes(flow) ? answer : { ...answer, unproven: true };
}

/** Serves INVITE with its ACK and CANCEL, and BYE, as far as the application need not be asked. */
export class InviteUas {
  readonly #options: InviteOptions;
  readonly #transactions: InviteTransactions;
  readonly #calls: Calls;

  constructor(options: InviteOptions) {
    this.#options = options;
    this.#transactions = new InviteTransactions(options);
    this.#calls = new Calls({
      ...options,
      resend: ({ invite, accepted }) => this.#transactions.respond(invite, 200, accepted),
    });
  }

  /** Whether an INVITE, ACK or CANCEL belongs to an INVITE that is served. */
  knows(arrival: Arrival): boolean {
    return this.#transactions.find(arrival) !== null;
  }

  /** Takes an INVITE. `refusal`: what is known already to be wrong with it. */
  receive(arrival: Arrival, refusal: Answer | null): void {
    const { kind, transaction } = this.#transactions.receive(arrival);
    if (kind === 'retransmission') {
      this.#options.count('retransmission');
      return;
    }
    const refused = refusal ?? this.#refusalOf(transaction, kind);
    if (refused !== null) {
      this.#refuse(transaction, refused);
      return;
    }
    const believed = this.#options.believes(transaction.flow);
    if (believed) this.respond(transaction, tryingFor(transaction.message));
    this.#options.deliver(transaction);
    // To a stranger only once the application has not turned it away: a 100 and a 401 are more than the INVITE had.
    if (!believed && transaction.response === null) {
      this.respond(transaction, tryingFor(transaction.message));
    }
  }

  /** Takes an ACK: it is never answered. */
  acknowledge(arrival: Arrival): void {
    this.#options.count('ack');
    if (!this.#transactions.acknowledge(arrival)) this.#calls.acknowledge(arrival.message);
  }

  /**
   * Takes a CANCEL that was answered with `answer`, and with the tag of the INVITE it means; null when it means none.
   * RFC 3261 §9.2: the INVITE is answered 487, unless it has its final response.
   */
  cancel(arrival: Arrival, answer: (toTag: string) => void): boolean {
    const invite = this.#transactions.find(arrival);
    if (invite === null) return false;
    invite.toTag ??= this.#options.tag();
    answer(invite.toTag);
    if (invite.state === 'proceeding') {
      this.respond(invite, { status: 487, headers: [] });
      this.#options.cancelled(invite);
    }
    return true;
  }

  /** Takes a BYE and says how it is answered (RFC 3261 §15.1.2). */
  bye(message: SipRequest): Answer {
    const call = this.#calls.find(message);
    const fault = call === null ? GONE : staleIn(call, message);
    if (fault !== null) return fault;
    if (call !== null) this.#calls.end(call);
    return { status: 200, headers: [] };
  }

  /** Sends the answer of the application, or one of ours. Nothing follows a final one. */
  respond(invite: InviteTransaction, answer: Answer): void {
    if (invite.state !== 'proceeding') return;
    if (answer.unproven === true) {
      this.#finishUnkept(invite, answer);
      return;
    }
    const bytes = answerBytes(invite, answer, this.#options);
    this.#transactions.respond(invite, answer.status, bytes);
    if (answer.status >= 200 && answer.status < 300) this.#calls.open(this.#callOf(invite, bytes));
  }

  /** Ends the call of an INVITE that was accepted. */
  hangUp(invite: InviteTransaction): void {
    this.#calls.hangUp(invite);
  }

  /** What is malformed and comes from who knows where is not answered at all. */
  #refuse(invite: InviteTransaction, answer: Answer): void {
    if (answer.status !== 400 || this.#options.believes(invite.flow)) {
      this.respond(invite, answerTo(invite.flow, answer, this.#options));
      return;
    }
    this.#options.count('unproven');
    this.#transactions.finishUnkept(invite, null);
  }

  #finishUnkept(invite: InviteTransaction, answer: Answer): void {
    const bytes = fittedBytes(invite, answer, this.#options);
    if (bytes === null) this.#options.count('unproven');
    this.#transactions.finishUnkept(invite, bytes);
  }

  #refusalOf({ message, flow }: InviteTransaction, kind: 'new' | 'merged'): Answer | null {
    if (kind === 'merged') {
      // RFC 3261 §8.2.2.2: the same request has come on another path, and is being served there.
      this.#options.count('merged');
      return { status: 482, headers: [] };
    }
    return inspectRequest(message) ?? inspectSips(message, flow.transport) ?? this.#dialogFault(message);
  }

  /** RFC 3261 §12.2.2, §14.2: a session is never changed here, so that it goes on as it was. */
  #dialogFault(message: SipRequest): Answer | null {
    if (toTagOf(message) === null) return null;
    const call = this.#calls.find(message);
    return call === null ? GONE : (staleIn(call, message) ?? { status: 488, headers: [] });
  }

  #callOf(invite: InviteTransaction, accepted: Buffer): Call {
    const local = { localTag: invite.toTag ?? '', localTarget: this.#options.contactFor(invite) };
    return new Call(invite, uasDialog(invite.message, local), accepted);
  }
}

/** RFC 3261 §12.2.2: no dialog has these tags. */
const GONE: Answer = Object.freeze({ status: 481, headers: [] });

/** RFC 3261 §17.2.1: the caller stops retransmitting; §8.2.6.1: the Timestamp goes back with it. */
function tryingFor(message: SipRequest): Answer {
  const timestamp = headerOf(message, 'timestamp');
  return { status: 100, headers: timestamp === null ? [] : ['timestamp', timestamp] };
}

/** RFC 3261 §12.2.2: a request older than the newest in its dialog is refused with 500; else it is the newest. */
function staleIn(call: Call, message: SipRequest): Answer | null {
  const number = parseCseq(headerOf(message, 'cseq') ?? '')?.number ?? 0;
  if (number <= call.remoteCseq) return { status: 500, headers: [] };
  call.remoteCseq = number;
  return null;
}
