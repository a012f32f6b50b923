import { type InviteInput, type InviteState, inviteStep } from '../../sip/invite-transaction.ts';
import type { Timed } from '../../sip/wheel.ts';
import { Origins } from './origins.ts';
import { type Arrival, ServedRequest } from './served-request.ts';
import type { Reception, ServerOptions } from './server-transactions.ts';
import { Timers } from './timers.ts';
import { originKey, transactionKey } from './transaction-key.ts';

/** One INVITE that is served (RFC 3261 §17.2.1, RFC 6026). */
export class InviteTransaction extends ServedRequest implements Timed<InviteTransaction> {
  due = 0;
  place = -1;
  before: InviteTransaction | null = null;
  after: InviteTransaction | null = null;

  readonly key: string;
  readonly origin: string | null;
  /** The last response, for retransmissions. */
  response: Buffer | null = null;
  /** The tag we have put on To. */
  toTag: string | null = null;
  state: InviteState = 'proceeding';
  /** Timer G, in ms. */
  intervalMs = 0;
  /** When Timer H fires. */
  giveUpAt = 0;

  constructor(arrival: Arrival) {
    super(arrival);
    this.key = transactionKey(arrival.message, arrival.via, '');
    this.origin = originKey(arrival.message);
  }
}

/** The INVITE server transactions. */
export class InviteTransactions {
  readonly #options: ServerOptions;
  readonly #byBranch = new Map<string, InviteTransaction>();
  readonly #origins = new Origins<InviteTransaction>();
  readonly #timers: Timers<InviteTransaction>;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#timers = new Timers(options.ticker, (transaction) => this.#timer(transaction));
  }

  /** The transaction that an INVITE, ACK or CANCEL means (RFC 3261 §17.2.3, §9.2), or null. */
  find({ message, via }: Arrival): InviteTransaction | null {
    return this.#byBranch.get(transactionKey(message, via, '')) ?? null;
  }

  /** Takes an INVITE: answers a retransmission, makes a transaction of a new one. */
  receive(arrival: Arrival): Reception<InviteTransaction> {
    const known = this.find(arrival);
    if (known !== null) {
      this.#step(known, 'invite', null);
      return { kind: 'retransmission', transaction: known };
    }
    const transaction = new InviteTransaction(arrival);
    this.#byBranch.set(transaction.key, transaction);
    return { kind: this.#origins.admit(transaction), transaction };
  }

  /** Takes an ACK. False when it is for the core: no transaction waits for it, or it acknowledges a 2xx. */
  acknowledge(arrival: Arrival): boolean {
    const transaction = this.find(arrival);
    return transaction !== null && this.#step(transaction, 'ack', null) !== 'acknowledge';
  }

  /** Sends a response, unless a final one was sent before; a 2xx may be sent again. */
  respond(transaction: InviteTransaction, status: number, bytes: Buffer): void {
    if (status < 200) this.#step(transaction, 'provisional', bytes);
    else this.#step(transaction, status < 300 ? 'accept' : 'refuse', bytes);
  }

  /** Sends a response, or none, and keeps nothing of its INVITE (RFC 3261 §8.2.7). */
  finishUnkept(transaction: InviteTransaction, bytes: Buffer | null): void {
    if (transaction.state === 'terminated') return;
    if (bytes !== null) this.#options.reply(transaction, bytes);
    transaction.state = 'terminated';
    this.#remove(transaction);
  }

  /** Timers G, H, I and L. */
  #timer(transaction: InviteTransaction): void {
    if (transaction.state === 'confirmed') this.#step(transaction, 'timerI', null);
    else if (transaction.state === 'accepted') this.#step(transaction, 'timerL', null);
    else this.#step(transaction, this.#timers.firedAt >= transaction.giveUpAt ? 'timerH' : 'timerG', null);
  }

  #step(transaction: InviteTransaction, input: InviteInput, bytes: Buffer | null) {
    const { t1Ms } = this.#options.timers;
    const { next, action } = inviteStep(transaction.state, input);
    transaction.state = next;
    switch (action) {
      case 'none':
      case 'acknowledge':
        break;
      case 'send':
        this.#send(transaction, bytes);
        break;
      case 'complete':
        this.#send(transaction, bytes);
        this.#startTimersGH(transaction);
        break;
      case 'succeed':
        this.#send(transaction, bytes);
        this.#timers.schedule(transaction, this.#timers.now + 64 * t1Ms);
        break;
      case 'resend':
        this.#reply(transaction);
        break;
      case 'retransmit':
        this.#retransmit(transaction);
        break;
      case 'confirm':
        this.#startTimerI(transaction);
        break;
      case 'forget':
        this.#remove(transaction);
        break;
    }
    return action;
  }

  #send(transaction: InviteTransaction, bytes: Buffer | null): void {
    transaction.response = bytes;
    this.#reply(transaction);
  }

  /** What cannot be sent now may be sent later: the transaction stays where it is (RFC 6026). */
  #reply(transaction: InviteTransaction): void {
    if (transaction.response !== null) this.#options.reply(transaction, transaction.response);
  }

  #startTimersGH(transaction: InviteTransaction): void {
    const { t1Ms } = this.#options.timers;
    const now = this.#timers.now;
    transaction.intervalMs = t1Ms;
    transaction.giveUpAt = now + 64 * t1Ms;
    this.#timers.schedule(transaction, transaction.connection === null ? now + t1Ms : transaction.giveUpAt);
  }

  #retransmit(transaction: InviteTransaction): void {
    this.#reply(transaction);
    transaction.intervalMs = Math.min(2 * transaction.intervalMs, this.#options.timers.t2Ms);
    this.#timers.schedule(
      transaction,
      Math.min(this.#timers.firedAt + transaction.intervalMs, transaction.giveUpAt),
    );
  }

  /** RFC 3261 §17.2.1: T4 on UDP, to absorb copies of the ACK; 0 on streams. */
  #startTimerI(transaction: InviteTransaction): void {
    if (transaction.connection !== null) this.#step(transaction, 'timerI', null);
    else this.#timers.schedule(transaction, this.#timers.now + this.#options.timers.t4Ms);
  }

  #remove(transaction: InviteTransaction): void {
    this.#timers.cancel(transaction);
    this.#byBranch.delete(transaction.key);
    this.#origins.forget(transaction);
  }
}
