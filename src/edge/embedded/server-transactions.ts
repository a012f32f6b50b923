import { type ServerInput, serverStep, type TransactionTimers } from '../../sip/transaction.ts';
import { Origins } from './origins.ts';
import type { Path } from './path.ts';
import type { Arrival } from './served-request.ts';
import { ServerTransaction } from './server-transaction.ts';
import type { Ticks } from './ticker.ts';
import { Timers } from './timers.ts';
import { transactionKey } from './transaction-key.ts';

/** What a request is among those that are served already, and its transaction. */
export interface Reception<Transaction> {
  readonly kind: 'retransmission' | 'new' | 'merged';
  readonly transaction: Transaction;
}

/** What server transactions need. */
export interface ServerOptions {
  readonly timers: TransactionTimers;
  readonly ticker: Ticks;
  /** Sends a response the way its request came, and gives that way; null when there is none. */
  reply(arrival: Arrival, bytes: Buffer): Path | null;
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
    while (transaction?.method === 'CANCEL') transaction = transaction.sibling;
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
    if (bytes !== null && transaction.request !== null) this.#options.reply(transaction.request, bytes);
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
        if (bytes !== null) this.#send(transaction, bytes);
        break;
      case 'resend':
        this.#resend(transaction);
        break;
      case 'forget':
        this.#remove(transaction);
        break;
    }
  }

  #send(transaction: ServerTransaction, bytes: Buffer): void {
    const { request } = transaction;
    if (request === null) return;
    const path = this.#options.reply(request, bytes);
    if (path === null) this.#step(transaction, 'failed', null);
    // RFC 3261 §17.2.2: Timer J is 0 on streams, which have no retransmissions.
    else if (transaction.state === 'completed' && request.connection !== null)
      this.#step(transaction, 'timerJ', null);
    else this.#keep(transaction, path, bytes);
  }

  /** For retransmissions: after a final response the request itself is not needed any more. */
  #keep(transaction: ServerTransaction, path: Path, bytes: Buffer): void {
    transaction.response = bytes.toString('latin1');
    if (transaction.state !== 'completed') return;
    transaction.path = path;
    transaction.request = null;
    this.#timers.schedule(transaction, this.#timers.now + 64 * this.#options.timers.t1Ms);
  }

  #resend(transaction: ServerTransaction): void {
    const { request, path, response } = transaction;
    const bytes = Buffer.from(response ?? '', 'latin1');
    if (request === null) path?.send(bytes);
    else if (this.#options.reply(request, bytes) === null) this.#step(transaction, 'failed', null);
  }

  #withMethod(key: string, method: string): ServerTransaction | null {
    let transaction = this.#byBranch.get(key) ?? null;
    while (transaction !== null && transaction.method !== method) transaction = transaction.sibling;
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
