import { PIPELINED_OCTETS } from './message-size.ts';

/** One message for drachtio-server. */
export interface Weighed {
  readonly octets: number;
}

/** How the messages of an outbox leave it. */
export interface OutboxOptions<Message extends Weighed> {
  /** How many of them drachtio-server may have before it: each that waits there costs it 23 kB. */
  readonly window: number;
  /** Hands one to the socket; `received` follows when drachtio-server has read it. False: it was not worth sending. */
  write(message: Message): boolean;
}

/**
 * The messages for one connection to drachtio-server in the order they were posted, held back so that its reader
 * survives them: a window of small ones, or a single large one and nothing behind it until that was read.
 */
export class Outbox<Message extends Weighed> {
  readonly #options: OutboxOptions<Message>;
  #waiting: Message[] = [];
  #head = 0;
  #outstanding = 0;
  #large = false;
  #open = false;

  constructor(options: OutboxOptions<Message>) {
    this.#options = options;
  }

  /** True while something was written of which drachtio-server has not said that it read it. */
  get busy(): boolean {
    return this.#outstanding > 0;
  }

  /** How many are held back. */
  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  post(message: Message): void {
    this.#waiting.push(message);
    this.#pump();
  }

  /** drachtio-server has read one of the messages (its `response` came). */
  received(): void {
    this.#settle();
    this.#pump();
  }

  /** A connection is there: what waits may go. */
  open(): void {
    this.#open = true;
    this.#pump();
  }

  /** The connection is lost with everything that was on its way. Gives what waited, which is not held any more. */
  close(): readonly Message[] {
    const waited = this.#waiting.slice(this.#head);
    this.#open = false;
    this.#large = false;
    this.#outstanding = 0;
    this.#waiting = [];
    this.#head = 0;
    return waited;
  }

  #settle(): void {
    if (this.#outstanding > 0) this.#outstanding -= 1;
    if (this.#outstanding === 0) this.#large = false;
  }

  #pump(): void {
    while (this.#open) {
      const next = this.#waiting[this.#head];
      if (next === undefined || !this.#admits(next)) break;
      this.#head += 1;
      this.#outstanding += 1;
      this.#large = next.octets > PIPELINED_OCTETS;
      if (!this.#options.write(next)) this.#settle();
    }
    if (this.#head === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#head = 0;
    } else if (this.#head > 1024) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
  }

  #admits(message: Message): boolean {
    if (this.#outstanding === 0) return true;
    return !this.#large && message.octets <= PIPELINED_OCTETS && this.#outstanding < this.#options.window;
  }
}
