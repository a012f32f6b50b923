import { answerText, between, subscribeText } from '../../bench/phone-text.ts';
import { givenNow } from './given-time.ts';
import type { Line } from './line.ts';
import type { Lamp } from './truth.ts';

/** RFC 3261 §17.1.2.2: T1, T2 and Timer F, in ms. */
const T1_MS = 500;
const T2_MS = 4_000;
const TIMER_F_MS = 32_000;
/** Numbers of the newest NOTIFYs, by which a copy is told from a CSeq that went back. */
const REMEMBERED = 4;
/** A phone that was refused for a while asks again after so many ms. */
const RETRY_MS = 1_000;

/** What must not be, in words. */
export type Complain = (what: string) => void;

/** What a phone makes of a response or a NOTIFY. */
export type Heard = 'new' | 'copy' | 'nothing';

/** One phone with one lamp: it keeps its dialog, and complains of all that a real one would stumble over. */
export class LampPhone {
  readonly lamp: Lamp;
  /** What the lamp shows; '' before the first NOTIFY. */
  shown = '';
  /** Since when it is wrong, in ms of `givenNow`; 0: it is right. */
  wrongSince = 0;
  /** A SUBSCRIBE has no final response yet. */
  isAsking = false;
  readonly #index: number;
  readonly #line: Line;
  readonly #call: string;
  #cseq = 0;
  #toTag = '';
  #target = '';
  #version = -1;
  #heard = 0;
  readonly #branches: string[] = [];
  #since = 0;
  #again = 0;
  #interval = T1_MS;

  constructor(place: { readonly index: number; readonly line: Line; readonly call: string }, lamp: Lamp) {
    this.#index = place.index;
    this.#line = place.line;
    this.#call = place.call;
    this.lamp = lamp;
  }

  /** Has a dialog and has been told of its lamp. */
  get isUp(): boolean {
    return this.#toTag !== '' && this.shown !== '';
  }

  /** Subscribes, or refreshes. */
  subscribe(now: number): void {
    this.isAsking = true;
    this.#cseq += 1;
    this.#since = now;
    this.#interval = T1_MS;
    this.#again = now + T1_MS;
    this.#transmit();
  }

  /** Sends again what has no answer (Timer E), and gives up with Timer F. */
  repeat(now: number, complain: Complain): void {
    if (!this.isAsking || now < this.#again) return;
    // Refused for a while: a new transaction.
    if (this.#interval === 0) this.subscribe(now);
    else if (now - this.#since > TIMER_F_MS) {
      this.isAsking = false;
      complain(`${this}: no answer to its SUBSCRIBE within 32 s`);
    } else {
      this.#interval = Math.min(2 * this.#interval, T2_MS);
      this.#again = now + this.#interval;
      this.#transmit();
    }
  }

  /** Forgives the time in which nobody could answer: Timer F starts again. */
  forgive(now: number): void {
    this.#since = now;
  }

  /** Takes the response to its SUBSCRIBE with this CSeq. */
  answered(text: string, cseq: number, complain: Complain): void {
    if (!this.isAsking || this.#interval === 0 || cseq !== this.#cseq) return;
    const status = Number(text.slice(8, 11));
    // A copy of what was accepted just before a server died: its successor sees a CSeq that does not grow.
    const isCopy = status === 500 && this.#interval > T1_MS;
    if (status === 503 || isCopy) {
      this.#interval = 0;
      this.#again = givenNow() + RETRY_MS;
      return;
    }
    this.isAsking = false;
    if (status < 200 || status > 299)
      complain(`${this}: ${text.slice(8, text.indexOf('\r'))} to a SUBSCRIBE`);
    else if (this.#toTag === '') {
      this.#toTag = between(between(text, '\r\nTo: ', '\r'), ';tag=', ';');
      this.#target = between(between(text, '\r\nContact: ', '\r'), '<', '>');
    }
  }

  /** Answers a NOTIFY as it came on `line`. */
  notified(line: Line, text: string, complain: Complain): Heard {
    line.send(answerText(text));
    const cseq = Number(between(text, '\r\nCSeq: ', ' '));
    const branch = between(text, ';branch=', ';\r,');
    if (this.#branches.includes(branch)) return 'copy';
    this.#branches.push(branch);
    if (this.#branches.length > REMEMBERED) this.#branches.shift();
    if (cseq <= this.#heard) complain(`${this}: CSeq ${this.#heard}, then ${cseq}`);
    this.#heard = cseq;
    const body = text.indexOf('<dialog-info');
    const version = Number(between(text.slice(body), ' version="', '"'));
    if (version <= this.#version) complain(`${this}: version ${this.#version}, then ${version}`);
    this.#version = version;
    if (/\r\nSubscription-State: *terminated/i.test(text)) complain(`${this}: its subscription was ended`);
    this.shown = between(text.slice(body), '<state>', '<');
    return 'new';
  }

  /** Notes whether the lamp is right. */
  judge(now: number): void {
    if (this.lamp.allows(this.shown)) this.wrongSince = 0;
    else if (this.wrongSince === 0) this.wrongSince = now;
  }

  toString(): string {
    return `phone ${this.#index} on ${this.lamp.user}`;
  }

  #transmit(): void {
    const own = { index: this.#index, user: this.lamp.user, call: this.#call, cseq: this.#cseq };
    const dialog = { target: this.#target, toTag: this.#toTag, port: this.#line.port, expires: 3600 };
    this.#line.send(subscribeText({ ...own, ...dialog }));
  }
}
