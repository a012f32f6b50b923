import { Fault } from '../../errors.ts';
import type { Answer, Flow, IncomingRequest } from '../../ports/edge.ts';
import { inspectRequest } from '../../sip/inspect.ts';
import type { ByteString, SipRequest } from '../../sip/message.ts';
import { type ParseLimits, parseMessage } from '../../sip/parse.ts';
import type { TransactionTimers } from '../../sip/transaction.ts';
import type { EdgeCount } from './inbound.ts';
import type { Connection } from './path.ts';
import { topVia, withReceived } from './received.ts';
import { responseText, toTagOf } from './response-text.ts';
import { type Arrival, ServerTransaction, ServerTransactions } from './server-transactions.ts';
import type { Ticks } from './ticker.ts';

/** What the serving half of the edge needs. */
export interface UasOptions {
  readonly timers: TransactionTimers;
  readonly ticker: Ticks;
  readonly limits: ParseLimits;
  /** A new random tag. */
  tag(): string;
  contactFor(request: IncomingRequest): ByteString;
  reply(transaction: ServerTransaction, bytes: Buffer): boolean;
  /** A request for the application. */
  deliver(request: IncomingRequest): void;
  count(name: EdgeCount): void;
  /** What came from there is no message; `reason` says why. */
  malformed(flow: Flow, reason: string): void;
}

/** Serves requests: everything that RFC 3261 §8.2 and §17.2 settle before the application is asked. */
export class Uas {
  readonly #options: UasOptions;
  readonly #transactions: ServerTransactions;
  #quiet = false;

  constructor(options: UasOptions) {
    this.#options = options;
    this.#transactions = new ServerTransactions(options);
  }

  /** Takes no new requests any more; retransmissions are still answered. */
  quiesce(): void {
    this.#quiet = true;
  }

  /** Takes the text of a request as it came. */
  receive(text: ByteString, flow: Flow, connection: Connection | null): void {
    const result = parseMessage(text, this.#options.limits);
    if (result.kind === 'fault') {
      this.#options.malformed(flow, result.reason);
      const arrival = result.request && arrivalOf(result.request, flow, connection);
      if (arrival) this.#serve(arrival, { status: result.status, reason: result.reason, headers: [] });
    } else if (result.message.kind === 'request') {
      const arrival = arrivalOf(result.message, flow, connection);
      if (arrival === null) this.#options.malformed(flow, 'No Via To Answer By');
      else this.#serve(arrival, null);
    }
  }

  /** Sends the answer of the application, or one of ours. */
  respond(request: IncomingRequest, answer: Answer): void {
    if (!(request instanceof ServerTransaction)) {
      throw new Fault('INTERNAL', 'Cannot respond: the request is not one that this edge delivered');
    }
    // RFC 3261 §8.2.6.2: every response but 100 has a tag on To.
    if (answer.status > 100) request.toTag ??= answer.toTag ?? this.#options.tag();
    const contact = this.#options.contactFor(request);
    const text = responseText(request.message, answer, { toTag: request.toTag, contact });
    this.#transactions.respond(request, answer.status, Buffer.from(text, 'latin1'));
  }

  /** `refusal`: what is known already to be wrong with the request. */
  #serve(arrival: Arrival, refusal: Answer | null): void {
    if (arrival.message.method === 'ACK') {
      // The ACK to a refused INVITE. It is never answered.
      this.#options.count('ack');
    } else if (!this.#quiet || this.#transactions.find(arrival) !== null) {
      this.#admit(arrival, refusal);
    }
  }

  #admit(arrival: Arrival, refusal: Answer | null): void {
    const { kind, transaction } = this.#transactions.receive(arrival);
    if (kind === 'retransmission') {
      this.#options.count('retransmission');
      return;
    }
    const refused = refusal ?? this.#inspect(transaction, kind);
    if (refused !== null) this.respond(transaction, refused);
    else if (arrival.message.method === 'CANCEL') this.#cancel(arrival, transaction);
    else this.#options.deliver(transaction);
  }

  #inspect(transaction: ServerTransaction, kind: 'new' | 'merged'): Answer | null {
    if (kind === 'merged') {
      // RFC 3261 §8.2.2.2: the same request has come on another path, and is being served there.
      this.#options.count('merged');
      return { status: 482, headers: [] };
    }
    return inspectRequest(transaction.message);
  }

  /** RFC 3261 §9.2, RFC 6665 §4.6: a CANCEL changes nothing for a request that is no INVITE. */
  #cancel(arrival: Arrival, transaction: ServerTransaction): void {
    this.#options.count('cancel');
    const cancelled = this.#transactions.cancelled(arrival);
    const toTag = cancelled?.toTag ?? toTagOf(arrival.message) ?? this.#options.tag();
    this.respond(transaction, { status: cancelled === null ? 481 : 200, toTag, headers: [] });
  }
}

function arrivalOf(request: SipRequest, flow: Flow, connection: Connection | null): Arrival | null {
  const via = topVia(request);
  return via && { message: withReceived(request, via, flow), flow, via, connection };
}
