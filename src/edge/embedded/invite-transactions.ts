import type { Flow, IncomingRequest } from '../../ports/edge.ts';
import { type InviteInput, type InviteState, inviteStep } from '../../sip/invite-transaction.ts';
import type { SipRequest } from '../../sip/message.ts';
import type { Via } from '../../sip/via.ts';
import { type Timed, Wheel } from '../../sip/wheel.ts';
import type { Connection } from './path.ts';
import type { Arrival, Reception, ServerOptions } from './server-transactions.ts';
import { originKey, transactionKey } from './transaction-key.ts';

/** One INVITE that is served (RFC 3261 §17.2.1, RFC 6026); also what the application gets to see of it. */
export class InviteTransaction implements Arrival, IncomingRequest, Timed<InviteTransaction> {
  due = 0;
  place = -1;
  before: InviteTransaction | null = null;
  after: InviteTransaction | null = null;

  readonly message: SipRequest;
  readonly flow: Flow;
  readonly via: Via;
  readonly connection: Connection | null;
  /** What it is found by, made once. */
  readonly key: string;
  readonly origin: string | null;
  state: InviteState = 'proceeding';
  /** The last response, for retransmissions. */
  response: Buffer | null = null;
  /** The tag we have put on To. */
  toTag: string | null = null;
  /** Timer G, in ms. */
  intervalMs = 0;
  /** When Timer H fires. */
  giveUpAt = 0;

  constructor(arrival: Arrival) {
    this.message = arrival.message;
    this.flow = arrival.flow;
    this.via = arrival.via;
    this.connection = arrival.connection;
    this.key = transactionKey(arrival.message, arrival.via, '');
    this.origin = originKey(arrival.message);
  }
}

/** The INVITE server transactions. */
export class InviteTransactions {
  readonly #options: ServerOptions;
  readonly #byBranch = new Map<string, InviteTransaction>();
  /** INVITEs outside dialogs by what makes two of them the same one (RFC 3261 §8.2.2.2). */
  readonly #byOrigin = new Map<string, InviteTransaction>();
  readonly #wheel: Wheel<InviteTransaction>;
  readonly #fire = (transaction: InviteTransaction): void => this.#timer(transaction);
  #now: number;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#now = options.ticker.now();
    this.#wheel = new Wheel(options.ticker.tickMs, this.#now);
    options.ticker.add(this);
  }

  /** Timers that run. */
  get pending(): number {
    return this.#wheel.size;
  }

  /** Fires Timers G, H, I and L that are due. */
  advance(now: number): void {
    this.#now = now;
    this.#wheel.advance(now, this.#fire);
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
    const { origin } = transaction;
    if (origin === null) return { kind: 'new', transaction };
    if (this.#byOrigin.has(origin)) return { kind: 'merged', transaction };
    this.#byOrigin.set(origin, transaction);
    return { kind: 'new', transaction };
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

  #timer(transaction: InviteTransaction): void {
    if (transaction.state === 'confirmed') this.#step(transaction, 'timerI', null);
    else if (transaction.state === 'accepted') this.#step(transaction, 'timerL', null);
    else this.#step(transaction, this.#now >= transaction.giveUpAt ? 'timerH' : 'timerG', null);
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
        this.#schedule(transaction, this.#options.ticker.now() + 64 * t1Ms);
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
    const now = this.#options.ticker.now();
    transaction.intervalMs = t1Ms;
    transaction.giveUpAt = now + 64 * t1Ms;
    this.#schedule(transaction, transaction.connection === null ? now + t1Ms : transaction.giveUpAt);
  }

  #retransmit(transaction: InviteTransaction): void {
    this.#reply(transaction);
    transaction.intervalMs = Math.min(2 * transaction.intervalMs, this.#options.timers.t2Ms);
    this.#schedule(transaction, Math.min(this.#now + transaction.intervalMs, transaction.giveUpAt));
  }

  /** RFC 3261 §17.2.1: T4 on UDP, to absorb copies of the ACK; 0 on streams. */
  #startTimerI(transaction: InviteTransaction): void {
    if (transaction.connection !== null) this.#step(transaction, 'timerI', null);
    else this.#schedule(transaction, this.#options.ticker.now() + this.#options.timers.t4Ms);
  }

  #schedule(transaction: InviteTransaction, at: number): void {
    this.#wheel.schedule(transaction, at);
    this.#options.ticker.wake();
  }

  #remove(transaction: InviteTransaction): void {
    this.#wheel.cancel(transaction);
    this.#byBranch.delete(transaction.key);
    const { origin } = transaction;
    if (origin !== null && this.#byOrigin.get(origin) === transaction) this.#byOrigin.delete(origin);
  }
}
