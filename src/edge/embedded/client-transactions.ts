import type { Notify, NotifyResult, NotifySlot } from '../../ports/edge.ts';
import { type ByteString, headerOf } from '../../sip/message.ts';
import { parseMessage } from '../../sip/parse.ts';
import { parseRetryAfter } from '../../sip/retry-after.ts';
import {
  type ClientInput,
  type ClientState,
  clientStep,
  type TransactionTimers,
} from '../../sip/transaction.ts';
import type { Timed } from '../../sip/wheel.ts';
import type { EdgeCount } from './inbound.ts';
import { type NotifyHead, notifyText } from './notify-head.ts';
import type { Connection, FoundPath, Path } from './path.ts';
import type { Ticks } from './ticker.ts';
import { Timers } from './timers.ts';

/** What client transactions need. */
export interface ClientOptions {
  readonly timers: TransactionTimers;
  readonly ticker: Ticks;
  /** Random, new for each process: what a branch of ours starts with, behind the magic cookie. */
  readonly instance: string;
  settled(slot: NotifySlot, result: NotifyResult): void;
  /** The way to where the phone of a slot is now. */
  wayTo(slot: NotifySlot): FoundPath | null;
  count(name: EdgeCount): void;
}

/** RFC 3261 §8.1.1.7: what each branch of RFC 3261 starts with. */
export const MAGIC_COOKIE = 'z9hG4bK';
const OK: NotifyResult = Object.freeze({ kind: 'answered', status: 200, retryAfter: null });
const TIMEOUT: NotifyResult = Object.freeze({ kind: 'timeout' });
const UNREACHABLE: NotifyResult = Object.freeze({ kind: 'unreachable' });

/** Is told how a request ended. */
export type Ended = (result: NotifyResult) => void;

/** One request on its way (RFC 3261 §17.1.2). Used again and again: nothing is allocated per NOTIFY but its octets. */
class ClientTransaction implements Timed<ClientTransaction> {
  due = 0;
  place = -1;
  before: ClientTransaction | null = null;
  after: ClientTransaction | null = null;

  /** The branch without the generation that makes it unique. */
  readonly stem: string;
  branch = '';
  generation = 0;
  state: ClientState = 'terminated';
  /** Whom its end is told: for a NOTIFY its slot, for another request a function. */
  slot: NotifySlot | null = null;
  ended: Ended | null = null;
  path: Path | null = null;
  /** Set while the path is a stream. */
  connection: Connection | null = null;
  bytes: Buffer | null = null;
  intervalMs = 0;
  timeoutAt = 0;

  constructor(stem: string) {
    this.stem = stem;
  }
}

/** The non-INVITE client transactions: those of our NOTIFYs, and a few BYEs. */
export class ClientTransactions {
  readonly #options: ClientOptions;
  readonly #prefix: string;
  readonly #table: ClientTransaction[] = [];
  readonly #free: ClientTransaction[] = [];
  readonly #timers: Timers<ClientTransaction>;
  #failed: NotifySlot[] = [];

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#prefix = `${MAGIC_COOKIE}${options.instance}.`;
    this.#timers = new Timers(options.ticker, (transaction) => this.#timer(transaction));
  }

  /** Sends a NOTIFY the way that `head` has found, and sees to it until it is settled; never within this call. */
  send(slot: NotifySlot, head: NotifyHead, notify: Notify): void {
    const { found } = head;
    if (found === null) {
      this.#refuse(slot);
      return;
    }
    const transaction = this.#take();
    transaction.slot = slot;
    this.#start(transaction, found, notifyText(head, transaction.branch, notify));
  }

  /** Sends another request, its text made for a branch; `ended` follows exactly once, never within this call. */
  request(found: FoundPath | null, write: (branch: ByteString) => ByteString, ended: Ended): void {
    if (found === null) {
      setImmediate(() => ended(UNREACHABLE));
      return;
    }
    const transaction = this.#take();
    transaction.ended = ended;
    this.#start(transaction, found, write(transaction.branch));
  }

  /** Takes a response whose top branch was read already; false when it belongs to no transaction of ours. */
  receive(branch: ByteString, status: number, text: ByteString): boolean {
    const transaction = this.#find(branch);
    if (transaction === null) return false;
    this.#step(transaction, status < 200 ? 'provisional' : 'final', status, text);
    return true;
  }

  /** Ends all that waits for an answer on a stream which was closed. */
  fail(connection: Connection): void {
    if (connection.inFlight === 0) return;
    for (const transaction of this.#table) {
      if (transaction.connection === connection) this.#step(transaction, 'failed');
    }
  }

  /** There is no way: it ends as unreachable, after the caller has returned. */
  #refuse(slot: NotifySlot): void {
    if (this.#failed.length === 0) setImmediate(() => this.#settleFailed());
    this.#failed.push(slot);
  }

  #take(): ClientTransaction {
    const transaction = this.#free.pop() ?? this.#grow();
    transaction.generation += 1;
    transaction.branch = transaction.stem + transaction.generation;
    transaction.state = 'trying';
    return transaction;
  }

  #grow(): ClientTransaction {
    const transaction = new ClientTransaction(`${this.#prefix}${this.#table.length}.`);
    this.#table.push(transaction);
    return transaction;
  }

  #start(transaction: ClientTransaction, found: FoundPath, text: ByteString): void {
    const bytes = Buffer.from(text, 'latin1');
    transaction.bytes = bytes;
    transaction.path = found.path;
    transaction.connection = found.connection;
    if (found.connection !== null) found.connection.inFlight += 1;
    found.path.send(bytes);
    this.#startTimers(transaction, found.path);
  }

  #startTimers(transaction: ClientTransaction, path: Path): void {
    const { t1Ms } = this.#options.timers;
    const { now } = this.#timers;
    transaction.intervalMs = t1Ms;
    transaction.timeoutAt = now + 64 * t1Ms;
    this.#timers.schedule(transaction, path.reliable ? transaction.timeoutAt : now + t1Ms);
  }

  /** Our branches carry the index, so that no map is needed (RFC 3261 §17.1.3). */
  #find(branch: ByteString): ClientTransaction | null {
    if (!branch.startsWith(this.#prefix)) return null;
    const transaction = this.#table[digitsAt(branch, this.#prefix.length)];
    return transaction !== undefined && transaction.branch === branch ? transaction : null;
  }

  /** Timers E, F and K. */
  #timer(transaction: ClientTransaction): void {
    if (transaction.state === 'completed') this.#step(transaction, 'timerK');
    else this.#step(transaction, this.#timers.firedAt >= transaction.timeoutAt ? 'timerF' : 'timerE');
  }

  #step(transaction: ClientTransaction, input: ClientInput, status = 0, text: ByteString = ''): void {
    const { next, action } = clientStep(transaction.state, input);
    transaction.state = next;
    switch (action) {
      case 'none':
        break;
      case 'double':
        this.#retransmit(transaction, Math.min(2 * transaction.intervalMs, this.#options.timers.t2Ms));
        break;
      case 'steady':
        this.#retransmit(transaction, this.#options.timers.t2Ms);
        break;
      case 'deliver':
        this.#deliver(transaction, status, text);
        break;
      case 'timeout':
        this.#end(transaction, TIMEOUT);
        break;
      case 'unreachable':
        this.#end(transaction, UNREACHABLE);
        break;
      case 'forget':
        this.#release(transaction);
        break;
    }
  }

  #retransmit(transaction: ClientTransaction, intervalMs: number): void {
    const { slot } = transaction;
    if (slot?.isOver === true) {
      this.#end(transaction, UNREACHABLE);
      return;
    }
    if (slot !== null && slot.cache === null) this.#follow(transaction, slot);
    if (transaction.bytes !== null) transaction.path?.send(transaction.bytes);
    transaction.intervalMs = intervalMs;
    this.#timers.schedule(transaction, Math.min(this.#timers.firedAt + intervalMs, transaction.timeoutAt));
    if (slot !== null) this.#options.count('notify_retransmitted');
  }

  /**
   * The phone was heard since its NOTIFY was sent, perhaps from another binding of its NAT: the NOTIFY follows it there,
   * or the lamp would stay wrong until Timer F.
   */
  #follow(transaction: ClientTransaction, slot: NotifySlot): void {
    if (transaction.connection !== null) return;
    const found = this.#options.wayTo(slot);
    if (found !== null && found.connection === null) transaction.path = found.path;
  }

  #deliver(transaction: ClientTransaction, status: number, text: ByteString): void {
    const { slot, ended, path } = transaction;
    this.#letGo(transaction);
    // RFC 3261 §17.1.2.2: Timer K absorbs late copies of the answer; on a stream there are none.
    if (path?.reliable === true) this.#release(transaction);
    else this.#timers.schedule(transaction, this.#timers.now + this.#options.timers.t4Ms);
    this.#tell(slot, ended, status === 200 ? OK : answered(status, text));
  }

  #end(transaction: ClientTransaction, result: NotifyResult): void {
    const { slot, ended } = transaction;
    this.#letGo(transaction);
    this.#release(transaction);
    this.#tell(slot, ended, result);
  }

  #tell(slot: NotifySlot | null, ended: Ended | null, result: NotifyResult): void {
    if (slot !== null) this.#options.settled(slot, result);
    else ended?.(result);
  }

  /** Keeps nothing alive that an ended transaction does not need. */
  #letGo(transaction: ClientTransaction): void {
    if (transaction.connection !== null) transaction.connection.inFlight -= 1;
    transaction.connection = null;
    transaction.slot = null;
    transaction.ended = null;
    transaction.path = null;
    transaction.bytes = null;
  }

  #release(transaction: ClientTransaction): void {
    this.#timers.cancel(transaction);
    transaction.state = 'terminated';
    transaction.branch = '';
    this.#free.push(transaction);
  }

  #settleFailed(): void {
    const failed = this.#failed;
    this.#failed = [];
    for (const slot of failed) this.#options.settled(slot, UNREACHABLE);
  }
}

/** The number that stands at an index, as far as there are digits; without a slice to be thrown away. */
function digitsAt(text: ByteString, from: number): number {
  let value = 0;
  for (let at = from; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = 10 * value + digit;
  }
  return value;
}

function answered(status: number, text: ByteString): NotifyResult {
  return { kind: 'answered', status, retryAfter: status < 300 ? null : retryAfterOf(text) };
}

function retryAfterOf(text: ByteString): number | null {
  const result = parseMessage(text);
  const value = result.kind === 'message' ? headerOf(result.message, 'retry-after') : null;
  return value === null ? null : parseRetryAfter(value);
}
