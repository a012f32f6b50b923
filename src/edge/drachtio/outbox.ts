import { PIPELINED_OCTETS } from './message-size.ts';

/** One message for drachtio-server. */
export interface Parcel {
  readonly octets: number;
  /** Hands it to the socket. `received` of the outbox follows when drachtio-server has read it. */
  write(): void;
}

/**
 * How many messages drachtio-server may have before it: 32 keep it busy, and each that waits costs it 23 kB.
 */
const WINDOW = 32;

/**
 * The messages for one drachtio-server in the order they were posted, held back so that its reader survives them:
 * a window of small ones, or a single large one and nothing behind it until that was read.
 */
export class Outbox {
  #waiting: Parcel[] = [];
  #head = 0;
  #outstanding = 0;
  #large = false;
  #open = false;

  /** True while something was written of which drachtio-server has not said that it read it. */
  get busy(): boolean {
    return this.#outstanding > 0;
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  post(parcel: Parcel): void {
    this.#waiting.push(parcel);
    this.#pump();
  }

  /** drachtio-server has read one of the messages (its `response` came). */
  received(): void {
    if (this.#outstanding > 0) this.#outstanding -= 1;
    if (this.#outstanding === 0) this.#large = false;
    this.#pump();
  }

  /** A connection is there: what waits may go. */
  open(): void {
    this.#open = true;
    this.#pump();
  }

  /** The connection is lost with everything that was on its way or waited. */
  close(): void {
    this.#open = false;
    this.#large = false;
    this.#outstanding = 0;
    this.#waiting = [];
    this.#head = 0;
  }

  #pump(): void {
    while (this.#open) {
      const next = this.#waiting[this.#head];
      if (next === undefined || !this.#admits(next)) break;
      this.#head += 1;
      this.#outstanding += 1;
      this.#large = next.octets > PIPELINED_OCTETS;
      next.write();
    }
    if (this.#head > 1024 || this.#head === this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
  }

  #admits(parcel: Parcel): boolean {
    if (this.#outstanding === 0) return true;
    return !this.#large && parcel.octets <= PIPELINED_OCTETS && this.#outstanding < WINDOW;
  }
}
