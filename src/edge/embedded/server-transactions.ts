import type { Flow, IncomingRequest } from '../../ports/edge.ts';
import { parseCseq } from '../../sip/cseq.ts';
import { type ByteString, headerOf, type SipRequest } from '../../sip/message.ts';
import { parseNameAddr } from '../../sip/name-addr.ts';
import { paramOf } from '../../sip/params.ts';
import {
  type ServerInput,
  type ServerState,
  serverStep,
  type TransactionTimers,
} from '../../sip/transaction.ts';
import type { Via } from '../../sip/via.ts';
import { type Timed, Wheel } from '../../sip/wheel.ts';
import { MAGIC_COOKIE } from './client-transactions.ts';
import type { Connection } from './path.ts';
import type { Ticks } from './ticker.ts';

/** A request as it came, with its top Via read. */
export interface Arrival {
  readonly message: SipRequest;
  readonly flow: Flow;
  /** As the client wrote it: its sent-by is part of the key. */
  readonly via: Via;
  /** The stream it came on; null for a datagram. */
  readonly connection: Connection | null;
}

/** One request that is served (RFC 3261 §17.2.2); also what the application gets to see of it. */
export class ServerTransaction implements IncomingRequest, Timed<ServerTransaction> {
  due = 0;
  place = -1;
  before: ServerTransaction | null = null;
  after: ServerTransaction | null = null;

  readonly message: SipRequest;
  readonly flow: Flow;
  readonly via: Via;
  readonly connection: Connection | null;
  /** What it is found by: both are made once, for they are wanted again when Timer J fires. */
  readonly key: string;
  readonly origin: string | null;
  state: ServerState = 'trying';
  /** The last response, for retransmissions. */
  response: Buffer | null = null;
  /** The tag we have put on To. */
  toTag: string | null = null;
  /** Another transaction with the same branch and another method. */
  sibling: ServerTransaction | null = null;

  constructor(arrival: Arrival) {
    this.message = arrival.message;
    this.flow = arrival.flow;
    this.via = arrival.via;
    this.connection = arrival.connection;
    this.key = branchKey(arrival.message, arrival.via);
    this.origin = originKey(arrival.message);
  }
}

/** What a request is among those that are served already. */
export type Reception =
  | { readonly kind: 'retransmission'; readonly transaction: ServerTransaction }
  | { readonly kind: 'new' | 'merged'; readonly transaction: ServerTransaction };

/** What server transactions need. */
export interface ServerOptions {
  readonly timers: TransactionTimers;
  readonly ticker: Ticks;
  /** Sends a response of the transaction the way its request came; false when there is no way. */
  reply(transaction: ServerTransaction, bytes: Buffer): boolean;
}

/** The non-INVITE server transactions. */
export class ServerTransactions {
  readonly #options: ServerOptions;
  /** By branch and sent-by; those with another method hang behind as siblings. */
  readonly #byBranch = new Map<string, ServerTransaction>();
  /** Out-of-dialog requests by what makes two of them the same one (RFC 3261 §8.2.2.2). */
  readonly #byOrigin = new Map<string, ServerTransaction>();
  readonly #wheel: Wheel<ServerTransaction>;
  readonly #fire = (transaction: ServerTransaction): void => this.#step(transaction, 'timerJ', null);

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#wheel = new Wheel(options.ticker.tickMs, options.ticker.now());
    options.ticker.add(this);
  }

  /** Timers that run. */
  get pending(): number {
    return this.#wheel.size;
  }

  /** Fires Timers J that are due. */
  advance(now: number): void {
    this.#wheel.advance(now, this.#fire);
  }

  /** The transaction that a request belongs to, or null (RFC 3261 §17.2.3). Counts nothing and sends nothing. */
  find({ message, via }: Arrival): ServerTransaction | null {
    return this.#withMethod(branchKey(message, via), message.method);
  }

  /** The transaction that a CANCEL means: any other method of the same branch (RFC 3261 §9.2). */
  cancelled({ message, via }: Arrival): ServerTransaction | null {
    let transaction = this.#byBranch.get(branchKey(message, via)) ?? null;
    while (transaction?.message.method === 'CANCEL') transaction = transaction.sibling;
    return transaction;
  }

  /** Takes a request that is no ACK: answers a retransmission, makes a transaction of a new one. */
  receive(arrival: Arrival): Reception {
    const known = this.find(arrival);
    if (known !== null) {
      this.#step(known, 'request', null);
      return { kind: 'retransmission', transaction: known };
    }
    const transaction = new ServerTransaction(arrival);
    this.#add(transaction);
    const { origin } = transaction;
    if (origin === null) return { kind: 'new', transaction };
    if (this.#byOrigin.has(origin)) return { kind: 'merged', transaction };
    this.#byOrigin.set(origin, transaction);
    return { kind: 'new', transaction };
  }

  /** Sends a response, unless a final one was sent before. */
  respond(transaction: ServerTransaction, status: number, bytes: Buffer): void {
    this.#step(transaction, status < 200 ? 'provisional' : 'final', bytes);
  }

  #step(transaction: ServerTransaction, input: ServerInput, bytes: Buffer | null): void {
    const { next, action } = serverStep(transaction.state, input);
    transaction.state = next;
    switch (action) {
      case 'none':
        break;
      case 'send':
      case 'finish':
        transaction.response = bytes;
        this.#reply(transaction);
        if (transaction.state === 'completed') this.#startTimerJ(transaction);
        break;
      case 'resend':
        this.#reply(transaction);
        break;
      case 'forget':
        this.#remove(transaction);
        break;
    }
  }

  #reply(transaction: ServerTransaction): void {
    const { response } = transaction;
    if (response !== null && !this.#options.reply(transaction, response))
      this.#step(transaction, 'failed', null);
  }

  /** RFC 3261 §17.2.2: 64*T1 on UDP, for retransmissions; 0 on streams, which have none. */
  #startTimerJ(transaction: ServerTransaction): void {
    const { ticker, timers } = this.#options;
    if (transaction.connection !== null) {
      this.#step(transaction, 'timerJ', null);
    } else {
      this.#wheel.schedule(transaction, ticker.now() + 64 * timers.t1Ms);
      ticker.wake();
    }
  }

  #withMethod(key: string, method: string): ServerTransaction | null {
    let transaction = this.#byBranch.get(key) ?? null;
    while (transaction !== null && transaction.message.method !== method) transaction = transaction.sibling;
    return transaction;
  }

  #add(transaction: ServerTransaction): void {
    transaction.sibling = this.#byBranch.get(transaction.key) ?? null;
    this.#byBranch.set(transaction.key, transaction);
  }

  #remove(transaction: ServerTransaction): void {
    this.#wheel.cancel(transaction);
    this.#unlink(transaction);
    const { origin } = transaction;
    if (origin !== null && this.#byOrigin.get(origin) === transaction) this.#byOrigin.delete(origin);
  }

  #unlink(transaction: ServerTransaction): void {
    const { key } = transaction;
    let other = this.#byBranch.get(key) ?? null;
    if (other === transaction) {
      if (transaction.sibling === null) this.#byBranch.delete(key);
      else this.#byBranch.set(key, transaction.sibling);
      return;
    }
    while (other !== null && other.sibling !== transaction) other = other.sibling;
    if (other !== null) other.sibling = transaction.sibling;
  }
}

/**
 * What a retransmission shares with its request, but for the method (RFC 3261 §17.2.3): branch and sent-by, or,
 * from an RFC 2543 client, Request-URI, both tags, Call-ID, CSeq and the top Via.
 */
function branchKey(message: SipRequest, via: Via): string {
  const sentBy = `${via.host}:${via.port ?? ''}`;
  if (via.branch?.startsWith(MAGIC_COOKIE)) return `${via.branch} ${sentBy}`;
  const cseq = parseCseq(headerOf(message, 'cseq') ?? '');
  const tags = `${tagOf(message, 'from')} ${tagOf(message, 'to')}`;
  return `${message.uri} ${tags} ${headerOf(message, 'call-id')} ${cseq?.number} ${via.branch} ${sentBy}`;
}

/** From tag, Call-ID and CSeq of a request outside a dialog; null for one inside, or without a From tag. */
function originKey(message: SipRequest): string | null {
  const fromTag = tagOf(message, 'from');
  if (fromTag === '' || message.method === 'CANCEL' || tagOf(message, 'to') !== '') return null;
  return `${fromTag} ${headerOf(message, 'call-id')} ${headerOf(message, 'cseq')}`;
}

function tagOf(message: SipRequest, name: 'from' | 'to'): ByteString {
  return paramOf(parseNameAddr(headerOf(message, name) ?? '')?.params ?? [], 'tag') ?? '';
}
