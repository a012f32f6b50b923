import { Fault } from '../../errors.ts';
import type { Answer, Flow, IncomingRequest } from '../../ports/edge.ts';
import { inspectRequest } from '../../sip/inspect.ts';
import type { ByteString, SipRequest } from '../../sip/message.ts';
import { type ParseLimits, parseMessage } from '../../sip/parse.ts';
import { retryAfter } from '../../sip/retry-after.ts';
import { inspectSips } from '../../sip/sips.ts';
import { answerBytes, fittedBytes } from './answer-bytes.ts';
import { InviteTransaction } from './invite-transactions.ts';
import { answerTo, type InviteOptions, InviteUas } from './invite-uas.ts';
import type { Connection } from './path.ts';
import { usableVia } from './received.ts';
import { toTagOf } from './response-text.ts';
import type { Arrival } from './served-request.ts';
import { ServerRequest } from './server-transaction.ts';
import { ServerTransactions } from './server-transactions.ts';

/** What the serving half of the edge needs. */
export interface UasOptions extends InviteOptions {
  readonly limits: ParseLimits;
  /** What came from there is no message; `reason` says why. */
  malformed(flow: Flow, reason: string): void;
}

/** Serves requests: everything that RFC 3261 §8.2 and §17.2 settle before the application is asked. */
export class Uas {
  readonly #options: UasOptions;
  readonly #transactions: ServerTransactions;
  readonly #invites: InviteUas;
  #quiet = false;

  constructor(options: UasOptions) {
    this.#options = options;
    this.#transactions = new ServerTransactions(options);
    this.#invites = new InviteUas(options);
  }

  /** Takes no new requests any more; retransmissions are still answered, and calls still end. */
  quiesce(): void {
    this.#quiet = true;
  }

  /** Takes the text of a request as it came. */
  receive(text: ByteString, flow: Flow, connection: Connection | null): void {
    const result = parseMessage(text, this.#options.limits);
    if (result.kind === 'fault') {
      this.#options.malformed(flow, result.reason);
      const arrival = result.request && arrivalOf(result.request, { flow, connection, octets: text.length });
      if (arrival) this.#serve(arrival, { status: result.status, reason: result.reason, headers: [] });
    } else if (result.message.kind === 'request') {
      const arrival = arrivalOf(result.message, { flow, connection, octets: text.length });
      if (arrival === null) this.#options.malformed(flow, 'No Via To Answer By');
      else this.#serve(arrival, null);
    }
  }

  /**
   * Answers a request of a source that sends too many: nothing of it is kept (RFC 3261 §8.2.7, §21.5.4). For streams,
   * where the answer can reach nobody else.
   */
  refuse(text: ByteString, flow: Flow, connection: Connection): void {
    const result = parseMessage(text, this.#options.limits);
    if (result.kind === 'fault' || result.message.kind === 'response' || result.message.method === 'ACK')
      return;
    const arrival = arrivalOf(result.message, { flow, connection, octets: text.length });
    if (arrival === null) return;
    const tooMany: Answer = { status: 503, headers: retryAfter('rate', Math.random) };
    const bytes = answerBytes({ ...arrival, toTag: null }, tooMany, this.#options);
    this.#options.reply(arrival, bytes);
  }

  /** Sends the answer of the application, or one of ours. */
  respond(request: IncomingRequest, answer: Answer): void {
    if (request instanceof InviteTransaction) {
      this.#invites.respond(request, answer);
      return;
    }
    if (!(request instanceof ServerRequest)) {
      throw new Fault('INTERNAL', 'Cannot respond: the request is not one that this edge delivered');
    }
    if (answer.unproven === true) this.#finishUnkept(request, answer);
    else {
      const bytes = answerBytes(request, answer, this.#options);
      this.#transactions.respond(request.transaction, answer.status, bytes);
    }
  }

  /** Ends the call of an INVITE. */
  hangUp(request: IncomingRequest): void {
    if (!(request instanceof InviteTransaction)) {
      throw new Fault('INTERNAL', 'Cannot hang up: the request is not an INVITE that this edge delivered');
    }
    this.#invites.hangUp(request);
  }

  /** `refusal`: what is known already to be wrong with the request. */
  #serve(arrival: Arrival, refusal: Answer | null): void {
    const { method } = arrival.message;
    if (refusal !== null && !this.#options.believes(arrival.flow)) this.#options.count('unproven');
    else if (method === 'ACK') this.#invites.acknowledge(arrival);
    else if (this.#quiet && !this.#isOfOld(arrival)) return;
    else if (method === 'INVITE') this.#invites.receive(arrival, refusal);
    else this.#admit(arrival, refusal);
  }

  /** Whether it belongs to what began before `quiesce`. A BYE is never for the application. */
  #isOfOld(arrival: Arrival): boolean {
    const isOfCall = arrival.message.method === 'BYE' || this.#invites.knows(arrival);
    return isOfCall || this.#transactions.find(arrival) !== null;
  }

  #admit(arrival: Arrival, refusal: Answer | null): void {
    const { kind, transaction } = this.#transactions.receive(arrival);
    const { request } = transaction;
    if (kind === 'retransmission' || request === null) {
      this.#options.count('retransmission');
      return;
    }
    const { message } = request;
    const refused = refusal ?? this.#inspect(request, kind);
    if (refused !== null) this.#refuse(request, refused);
    else if (message.method === 'CANCEL') this.#cancel(arrival, request);
    else if (message.method === 'BYE') this.#answer(request, this.#invites.bye(message));
    else this.#options.deliver(request);
  }

  #inspect({ message, flow }: ServerRequest, kind: 'new' | 'merged'): Answer | null {
    if (kind === 'merged') {
      // RFC 3261 §8.2.2.2: the same request has come on another path, and is being served there.
      this.#options.count('merged');
      return { status: 482, headers: [] };
    }
    return inspectRequest(message) ?? inspectSips(message, flow.transport);
  }

  /** RFC 3261 §9.2, RFC 6665 §4.6: a CANCEL changes nothing for a request that is no INVITE. */
  #cancel(arrival: Arrival, request: ServerRequest): void {
    this.#options.count('cancel');
    const accept = (toTag: string): void => this.#answer(request, { status: 200, toTag, headers: [] });
    if (this.#invites.cancel(arrival, accept)) return;
    const cancelled = this.#transactions.cancelled(arrival);
    const toTag = cancelled?.toTag ?? toTagOf(arrival.message) ?? this.#options.tag();
    this.#answer(request, { status: cancelled === null ? 481 : 200, toTag, headers: [] });
  }

  /** What is malformed and comes from who knows where is not answered at all. */
  #refuse(request: ServerRequest, answer: Answer): void {
    if (answer.status !== 400 || this.#options.believes(request.flow)) {
      this.#answer(request, answer);
      return;
    }
    this.#options.count('unproven');
    this.#transactions.finishUnkept(request.transaction, null);
  }

  /** Sends an answer of ours. */
  #answer(request: ServerRequest, answer: Answer): void {
    this.respond(request, answerTo(request.flow, answer, this.#options));
  }

  #finishUnkept(request: ServerRequest, answer: Answer): void {
    const bytes = fittedBytes(request, answer, this.#options);
    if (bytes === null) this.#options.count('unproven');
    this.#transactions.finishUnkept(request.transaction, bytes);
  }
}

function arrivalOf(
  request: SipRequest,
  heard: Pick<Arrival, 'flow' | 'connection' | 'octets'>,
): Arrival | null {
  const via = usableVia(request);
  return via && { ...heard, message: request, via };
}
