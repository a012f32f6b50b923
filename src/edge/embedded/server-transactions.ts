import {
  type ServerInput,
  type ServerState,
  serverStep,
  type TransactionTimers,
} from '../../sip/transaction.ts';
import { Origins } from './origins.ts';
import { type Arrival, ServedRequest } from './served-request.ts';
import type { Ticks } from './ticker.ts';
import { Timers } from './timers.ts';
import { transactionKey } from './transaction-key.ts';

/** One request that is served (RFC 3261 §17.2.2). */
export class ServerTransaction extends ServedRequest<ServerTransaction> {
  state: ServerState = 'trying';
  /** Another transaction with the same branch and another method. */
  sibling: ServerTransaction | null = null;
}

/** What a request is among those that are served already, and its transaction. */
export interface Reception<Transaction> {
  readonly kind: 'retransmission' | 'new' | 'merged';
  readonly transaction: Transaction;
}

/** What server transactions need. */
export interface ServerOptions {
  readonly timers: TransactionTimers;
  readonly ticker: Ticks;
  /** Sends a response the way its request came; false when there is no way. */
  reply(arrival: Arrival, bytes: Buffer): boolean;
}

/** The non-INVITE server transactions. */
export class ServerTransactions {
  readonly #options: ServerOptions;
  /** By branch and sent-by; those with another method hang behind as siblings. */
  readonly #byBranch = new Map<string, ServerTransaction>();
  readonly #origins = new Origins<ServerTransaction>();
  readonly #timers: Timers<ServerTransaction>;

  constructor(options: ServerOptions) {
    this.#options = options;
    // Timer J is the only one.
    this.#timers = new Timers(options.ticker, (transaction) => this.#step(transaction, 'timerJ', null));
  }

  /** The transaction that a request belongs to, or null (RFC 3261 §17.2.3). Counts nothing and sends nothing. */
  find({ message, via }: Arrival): ServerTransaction | null {
    return this.#withMethod(transactionKey(message, via), message.method);
  }

  /** The transaction that a CANCEL means: any other method of the same branch (RFC 3261 §9.2). */
  cancelled({ message, via }: Arrival): ServerTransaction | null {
    let transaction = this.#byBranch.get(transactionKey(message, via)) ?? null;
    while (transaction?.message.method === 'CANCEL') transaction = transaction.sibling;
    return transaction;
  }

  /** Takes a request that is no ACK: answers a retransmission, makes a transaction of a new one. */
  receive(arrival: Arrival): Reception<ServerTransaction> {
    const key = transactionKey(arrival.message, arrival.via);
    const known = this.#withMethod(key, arrival.message.method);
    if (known !== null) {
      this.#step(known, 'request', null);
      return { kind: 'retransmission', transaction: known };
    }
    const transaction = new ServerTransaction(arrival, key);
    this.#add(transaction);
    return { kind: this.#origins.admit(transaction), transaction };
  }

  /** Sends a response, unless a final one was sent before. */
  respond(transaction: ServerTransaction, status: number, bytes: Buffer): void {
    this.#step(transaction, status < 200 ? 'provisional' : 'final', bytes);
  }

  /** Sends a response, or none, and keeps nothing of its request (RFC 3261 §8.2.7). */
  finishUnkept(transaction: ServerTransaction, bytes: Buffer | null): void {
    if (transaction.state === 'terminated') return;
    if (bytes !== null) this.#options.reply(transaction, bytes);
    transaction.state = 'terminated';
    this.#remove(transaction);
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
    if (transaction.connection !== null) this.#step(transaction, 'timerJ', null);
    else this.#timers.schedule(transaction, this.#timers.now + 64 * this.#options.timers.t1Ms);
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
    this.#timers.cancel(transaction);
    this.#unlink(transaction);
    this.#origins.forget(transaction);
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
