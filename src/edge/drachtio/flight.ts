import type { Flow, Notify, NotifySlot } from '../../ports/edge.ts';
import type { ByteString } from '../../sip/message.ts';
import type { LeanRequest } from './lean-request.ts';
import { textOctets } from './message-size.ts';
import type { ServerLink } from './server-link.ts';

/** What a flight is part of. */
export interface FlightDesk {
  sent(flight: Flight, echo: ByteString): void;
  refused(flight: Flight, reason: string): void;
  answered(flight: Flight, response: ByteString): void;
}

/** What makes a flight. */
export interface FlightPlan {
  readonly slot: NotifySlot;
  readonly notify: Notify;
  readonly link: ServerLink;
  /** In ms of the clock. */
  readonly deadline: number;
}

/** One NOTIFY between `notify` and `settled`. What it hears after it has settled is nobody's concern. */
export class Flight implements LeanRequest {
  readonly slot: NotifySlot;
  readonly notify: Notify;
  readonly link: ServerLink;
  readonly deadline: number;
  settled = false;
  /** Inside the dialog of drachtio-server, with its numbers. */
  inDialog = false;
  /** The CSeq it asked for. */
  cseq = 0;
  /** Outside a dialog: the connection that drachtio-server took, if it is not the one to the phone. */
  taken: Flow | null = null;
  octets = 0;
  readonly #desk: FlightDesk;
  #text: ByteString = '';

  constructor(desk: FlightDesk, { slot, notify, link, deadline }: FlightPlan) {
    this.#desk = desk;
    this.slot = slot;
    this.notify = notify;
    this.link = link;
    this.deadline = deadline;
  }

  /** What it is to be written as. */
  load(text: ByteString): void {
    this.#text = text;
    this.octets = textOctets(text);
  }

  take(): ByteString {
    const text = this.settled ? '' : this.#text;
    this.#text = '';
    return text;
  }

  sent(echo: ByteString): void {
    if (!this.settled) this.#desk.sent(this, echo);
  }

  refused(reason: string): void {
    if (!this.settled) this.#desk.refused(this, reason);
  }

  answered(response: ByteString): void {
    if (!this.settled) this.#desk.answered(this, response);
  }
}
