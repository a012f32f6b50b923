import type { LegState } from '../../presence/leg.ts';
import { readDialogInfo } from '../../presence/seen-dialogs.ts';
import { lampOf, type SeenLamp } from '../../presence/seen-lamp.ts';
import { parseEvent } from '../../sip/event.ts';
import {
  type ByteString,
  headerOf,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../../sip/message.ts';
import { paramOf } from '../../sip/params.ts';
import { serialize } from '../../sip/serialize.ts';
import { reasonOf } from '../../sip/status.ts';
import { fromUtf8 } from '../../sip/utf8.ts';
import { parseVia } from '../../sip/via.ts';
import { type After, ClientRequest } from './client-request.ts';
import { responseTo, WatchDialog, type WatchDialogOptions } from './watch-dialog.ts';

export interface WatchOptions extends WatchDialogOptions {
  /** Wished life of the subscription in seconds. */
  readonly expires: number;
  readonly order: readonly LegState[];
  readonly send: (text: ByteString) => void;
  readonly after: After;
  readonly lamp: (seen: SeenLamp) => void;
  /** Something to know that ends nothing. */
  readonly notice: (text: string) => void;
  /** The end: null when it was asked for, else why (to follow "Cannot watch 1001: "). Called once. */
  readonly over: (why: string | null) => void;
}

/** Pause before a subscription that was lost is tried anew, in seconds. */
const PAUSE = 5;

/** How long the last NOTIFY is waited for. */
const FAREWELL_MS = 2000;

/** Reasons of RFC 6665 §4.1.3 after which coming back is pointless, or is due without a pause. */
const FOR_GOOD = ['rejected', 'noresource', 'invariant'];
const AT_ONCE = ['deactivated', 'timeout'];

/** One watched presence ID: subscribes, refreshes, subscribes anew when the server lost it (RFC 6665 §4.1.2). */
export class WatchSubscription {
  readonly #options: WatchOptions;
  #dialog: WatchDialog;
  #expires: number;
  #phase: 'starting' | 'active' | 'ending' | 'over' = 'starting';
  #request: { readonly branch: ByteString; readonly exchange: ClientRequest } | null = null;
  #stopTimer: () => void = () => {};

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#expires = options.expires;
    this.#dialog = new WatchDialog(options);
  }

  start(): void {
    this.#subscribe(this.#expires);
  }

  /** Ends the subscription; `over` follows when the server has sent its last NOTIFY, or 2 s later. */
  end(): void {
    const wasActive = this.#phase === 'active';
    if (this.#phase === 'over') return;
    this.#phase = 'ending';
    if (wasActive) this.#subscribe(0);
    else this.#finish(null);
  }

  /** Stops at once: nothing is sent and nobody is told any more. */
  abandon(): void {
    this.#phase = 'over';
    this.#stopTimer();
    this.#request?.exchange.cancel();
  }

  /** Handles a message if it belongs to this subscription; false when it does not. */
  hear(message: SipMessage): boolean {
    if (message.kind === 'request') return this.#hearRequest(message);
    const branch = parseVia(headerOf(message, 'via') ?? '')?.branch;
    if (this.#request === null || branch !== this.#request.branch) return false;
    this.#request.exchange.hear(message);
    return true;
  }

  #subscribe(expires: number): void {
    this.#stopTimer();
    this.#request?.exchange.cancel();
    const { request, branch } = this.#dialog.subscribe(expires);
    const { send, after } = this.#options;
    const done = (response: SipResponse | null) => this.#answered(response);
    this.#request = { branch, exchange: new ClientRequest({ text: serialize(request), send, after, done }) };
    this.#request.exchange.start();
  }

  #answered(response: SipResponse | null): void {
    if (this.#phase === 'ending') this.#farewell(response);
    else if (response === null) this.#lost('the server does not answer', null);
    else if (response.status < 300) this.#accepted(response);
    else this.#refused(response);
  }

  /** RFC 6665 §4.1.2.3: the NOTIFY that ends it may come after the 2xx; leaving before it keeps the server sending. */
  #farewell(response: SipResponse | null): void {
    if (response === null || response.status >= 300) this.#finish(null);
    else this.#stopTimer = this.#options.after(FAREWELL_MS, () => this.#finish(null));
  }

  #refused(response: SipResponse): void {
    const { status } = response;
    const minExpires = secondsOf(headerOf(response, 'min-expires')) ?? 0;
    const why = `the server answered ${status} ${fromUtf8(response.reason) || reasonOf(status)}`;
    if (status === 423 && minExpires > this.#expires) {
      this.#expires = minExpires;
      this.#subscribe(minExpires);
    } else if (status === 481 && this.#phase === 'active') this.#anew(0, why);
    else this.#lost(why, secondsOf(headerOf(response, 'retry-after')));
  }

  /** What never began ends here; what was there before, or the server asks to repeat, is tried again. */
  #lost(why: string, retryAfter: number | null): void {
    if (this.#phase === 'active' || retryAfter !== null) this.#anew(retryAfter ?? PAUSE, why);
    else this.#finish(why);
  }

  #accepted(response: SipResponse): void {
    this.#phase = 'active';
    this.#dialog.accepted(response);
    this.#refreshWithin(secondsOf(headerOf(response, 'expires')) ?? this.#expires);
  }

  /** Begins a new dialog after a pause in seconds. */
  #anew(pause: number, why: string): void {
    this.#options.notice(`${why}, subscribing again${pause > 0 ? ` in ${pause} s` : ''}`);
    this.#request?.exchange.cancel();
    this.#dialog = new WatchDialog(this.#options);
    this.#stopTimer();
    this.#stopTimer = this.#options.after(pause * 1000, () => this.#subscribe(this.#expires));
  }

  #refreshWithin(granted: number): void {
    this.#stopTimer();
    this.#stopTimer = this.#options.after(granted * 800, () => this.#subscribe(this.#expires));
  }

  #hearRequest(request: SipRequest): boolean {
    if (headerOf(request, 'call-id') !== this.#dialog.callId) return false;
    const place = request.method === 'NOTIFY' ? this.#dialog.place(request) : 'foreign';
    if (place === 'foreign') return false;
    this.#options.send(serialize(responseTo(request, 200)));
    if (place === 'news') this.#notified(request);
    return true;
  }

  #notified(notify: SipRequest): void {
    const dialogs = readDialogInfo(fromUtf8(notify.body));
    if (dialogs !== null && this.#phase !== 'ending')
      this.#options.lamp(lampOf(dialogs, this.#options.order));
    // The grammar of Subscription-State is that of Event: a token with parameters (RFC 6665 §8.4).
    const state = parseEvent(headerOf(notify, 'subscription-state') ?? '');
    if (state?.package !== 'terminated') return;
    const retryAfter = secondsOf(paramOf(state.params, 'retry-after') ?? null);
    this.#terminated(paramOf(state.params, 'reason') ?? '', retryAfter);
  }

  #terminated(reason: string, retryAfter: number | null): void {
    const why = `the server ended the subscription${reason === '' ? '' : ` (${reason})`}`;
    if (this.#phase === 'ending') this.#finish(null);
    else if (FOR_GOOD.includes(reason)) this.#finish(why);
    else this.#anew(retryAfter ?? (AT_ONCE.includes(reason) ? 0 : PAUSE), why);
  }

  #finish(why: string | null): void {
    if (this.#phase === 'over') return;
    this.abandon();
    this.#options.over(why);
  }
}

function secondsOf(value: ByteString | null): number | null {
  const digits = /^\s*(\d{1,9})/.exec(value ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}
