import { randomBytes } from 'node:crypto';
import { parseCseq } from '../../src/sip/cseq.ts';
import {
  type ByteString,
  headerOf,
  headersOf,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../../src/sip/message.ts';
import { parseNameAddr } from '../../src/sip/name-addr.ts';
import { paramOf } from '../../src/sip/params.ts';
import { parseMessage } from '../../src/sip/parse.ts';
import { serialize } from '../../src/sip/serialize.ts';
import { reasonOf } from '../../src/sip/status.ts';
import { parseVia } from '../../src/sip/via.ts';
import { Mailbox } from './mailbox.ts';
import { openWire, type Place, type Wire, type WireTransport } from './phone-wire.ts';

export type { Place } from './phone-wire.ts';

/** How a phone answers a request; null: it stays silent. */
export type PhoneAnswer = { readonly status: number; readonly headers?: readonly ByteString[] } | null;

export interface PhoneOptions {
  readonly transport: WireTransport;
  readonly server: Place;
  /** Its own address on UDP; one of loopback unless given. */
  readonly address?: string;
  /** Its user part; a random one unless given. */
  readonly user?: string;
  /** The URI of its Contact; its real address unless given. */
  readonly contact?: ByteString;
  /** Record-Route values that a proxy before it would have added. */
  readonly recordRoute?: readonly ByteString[];
  /** False: it does not ask for rport. */
  readonly rport?: boolean;
  /** True: on UDP it sends a request again until it is answered, for up to 32 s (RFC 3261 §17.1.2.2). */
  readonly repeats?: boolean;
}

/** What a request of a phone can be given. Headers are name, value, name, value ... in lower case. */
export interface PhoneRequest {
  readonly method: string;
  readonly uri: ByteString;
  readonly callId?: ByteString;
  readonly fromTag?: ByteString;
  readonly toTag?: ByteString;
  readonly cseq?: number;
  readonly branch?: ByteString;
  readonly headers?: readonly ByteString[];
  readonly body?: ByteString;
}

/** What a phone asks for with a SUBSCRIBE. */
export interface SubscribeOptions {
  /** The value of Event: `dialog` unless given. */
  readonly event?: ByteString;
  /** Seconds: 3600 unless given. */
  readonly expires?: number;
  readonly headers?: readonly ByteString[];
}

/** T1, after which a request is sent again, and Timer F, after which no more, in ms. */
const REPEAT_MS = 500;
const TIMER_F_MS = 32_000;

/** A random text for tags, branches and Call-IDs. */
export function randomToken(): string {
  return randomBytes(8).toString('hex');
}

/** Opens a phone that sends to `options.server`. */
export async function openPhone(options: PhoneOptions): Promise<Phone> {
  let phone: Phone | null = null;
  const closed = new Mailbox<true>('end of the connection');
  const wire = await openWire({
    transport: options.transport,
    server: options.server,
    address: options.address,
    heard: (text) => phone?.hear(text),
    closed: () => closed.push(true),
  });
  phone = new Phone(wire, options, closed);
  return phone;
}

/** A desk phone for tests: real sockets, our own parser, and a script for its answers. */
export class Phone {
  readonly user: string;
  /** The URI of its Contact; may be changed between requests. */
  contact: ByteString;
  /** How it answers NOTIFY and other requests: 200 unless changed. */
  answer: (request: SipRequest) => PhoneAnswer = () => ({ status: 200 });
  /** All messages in order of arrival, copies too. */
  readonly heard: SipMessage[] = [];
  /** The octets of the same. */
  readonly texts: ByteString[] = [];
  /** Requests, each once however often it was sent. */
  readonly requests = new Mailbox<SipRequest>('request');
  /** Copies of requests that came before. */
  readonly copies = new Mailbox<SipRequest>('retransmission');
  readonly responses = new Mailbox<SipResponse>('response');
  readonly keepAlives = new Mailbox<ByteString>('keep-alive');
  /** The server, or we, closed the connection. */
  readonly closed: Mailbox<true>;
  readonly #wire: Wire;
  readonly #options: PhoneOptions;
  readonly #listeners: ((message: SipMessage) => void)[] = [];
  readonly #answered = new Map<string, ByteString | null>();
  readonly #newestCseq = new Map<string, number>();
  readonly #subscriptions: PhoneSubscription[] = [];
  readonly #finals = new Map<string, Mailbox<SipResponse>>();

  constructor(wire: Wire, options: PhoneOptions, closed: Mailbox<true>) {
    this.#wire = wire;
    this.#options = options;
    this.closed = closed;
    this.user = options.user ?? `phone-${randomToken()}`;
    const named = wire.transport === 'wss' ? 'ws' : wire.transport;
    const transport = wire.transport === 'udp' ? '' : `;transport=${named}`;
    this.contact = options.contact ?? `sip:${this.user}@${this.hostPort}${transport}`;
  }

  /** Where it is: address and port. */
  get place(): Place {
    return this.#wire.local;
  }

  /** `host:port` as in a URI. */
  get hostPort(): string {
    const { address, port } = this.#wire.local;
    const host = address.includes(':') ? `[${address}]` : address;
    return port === 0 ? host : `${host}:${port}`;
  }

  /** Sends octets as they are. */
  send(text: ByteString): void {
    this.#wire.send(text);
  }

  /** The text of a request of this phone, with new identifiers where none are given. */
  write(request: PhoneRequest): ByteString {
    const { method, uri, cseq = 1, headers = [], body = '' } = request;
    const rport = this.#options.rport === false ? '' : ';rport';
    const branch = request.branch ?? `z9hG4bK${randomToken()}`;
    const toTag = request.toTag === undefined ? '' : `;tag=${request.toTag}`;
    const via = `SIP/2.0/${this.#wire.transport.toUpperCase()} ${this.hostPort}${rport};branch=${branch}`;
    const fixed = ['via', via, ...this.#recordRoute(), 'max-forwards', '70'];
    fixed.push('from', `<sip:${this.user}@example.com>;tag=${request.fromTag ?? randomToken()}`);
    fixed.push('to', `<${uri.split(';')[0]}>${toTag}`, 'call-id', request.callId ?? randomToken());
    fixed.push('cseq', `${cseq} ${method}`, 'contact', `<${this.contact}>`);
    return serialize({ kind: 'request', method, uri, headers: [...fixed, ...headers], body });
  }

  /** Sends a request and waits for its final response. */
  async request(request: PhoneRequest): Promise<SipResponse> {
    const callId = request.callId ?? randomToken();
    const cseq = request.cseq ?? 1;
    const finals = new Mailbox<SipResponse>(`final response to ${request.method}`);
    this.#finals.set(`${callId} ${cseq} ${request.method}`, finals);
    const text = this.write({ ...request, callId, cseq });
    this.send(text);
    if (this.#options.repeats !== true) return finals.next();
    const timer = setInterval(() => this.send(text), REPEAT_MS);
    return finals.next(TIMER_F_MS).finally(() => clearInterval(timer));
  }

  /** Subscribes to a URI and waits for the final response, whatever it is. */
  async subscribe(uri: ByteString, options: SubscribeOptions = {}): Promise<PhoneSubscription> {
    const subscription = new PhoneSubscription(this, uri, options);
    this.#subscriptions.push(subscription);
    await subscription.refresh(options.expires ?? 3600);
    return subscription;
  }

  /** Has `listener` called with every message that is heard, copies too, before the phone itself serves it. */
  listen(listener: (message: SipMessage) => void): void {
    this.#listeners.push(listener);
  }

  close(): Promise<void> {
    return this.#wire.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Takes what came on the wire. */
  hear(text: ByteString): void {
    if (text.trim() === '') {
      this.keepAlives.push(text);
      return;
    }
    const result = parseMessage(text);
    if (result.kind === 'fault') throw new Error(`The phone heard what is no message: ${result.reason}`);
    this.heard.push(result.message);
    this.texts.push(text);
    for (const listener of this.#listeners) listener(result.message);
    if (result.message.kind === 'response') this.#takeResponse(result.message);
    else this.#serve(result.message);
  }

  #takeResponse(response: SipResponse): void {
    this.responses.push(response);
    const key = `${headerOf(response, 'call-id')} ${headerOf(response, 'cseq')}`;
    if (response.status >= 200) this.#finals.get(key)?.push(response);
  }

  #recordRoute(): ByteString[] {
    return (this.#options.recordRoute ?? []).flatMap((value) => ['record-route', value]);
  }

  #serve(request: SipRequest): void {
    const branch = parseVia(headerOf(request, 'via') ?? '')?.branch ?? '';
    const before = this.#answered.get(branch);
    if (before === undefined) {
      const response = this.#respond(request);
      this.#answered.set(branch, response);
      this.requests.push(request);
      this.#subscriptions.find((each) => each.owns(request))?.notifies.push(request);
      if (response !== null) this.send(response);
    } else {
      this.copies.push(request);
      if (before !== null) this.send(before);
    }
  }

  #respond(request: SipRequest): ByteString | null {
    // RFC 3261 §12.2.2: a CSeq that does not grow is refused with 500, as real phones do.
    const answer = this.#cseqGrows(request) ? this.answer(request) : { status: 500 };
    if (answer === null) return null;
    const headers: ByteString[] = [];
    for (const name of ['via', 'from', 'to', 'call-id', 'cseq']) {
      for (const value of headersOf(request, name)) headers.push(name, value);
    }
    headers.push(...(answer.headers ?? []));
    return serialize({
      kind: 'response',
      status: answer.status,
      reason: reasonOf(answer.status),
      headers,
      body: '',
    });
  }

  #cseqGrows(request: SipRequest): boolean {
    const dialog = `${headerOf(request, 'call-id')} ${tagOf(request, 'from')} ${tagOf(request, 'to')}`;
    const { number } = parseCseq(headerOf(request, 'cseq') ?? '') ?? { number: -1 };
    if (number <= (this.#newestCseq.get(dialog) ?? -1)) return false;
    this.#newestCseq.set(dialog, number);
    return true;
  }
}

/** A subscription as its phone sees it. */
export class PhoneSubscription {
  readonly callId = randomToken();
  readonly fromTag = randomToken();
  /** Its NOTIFYs, each once; those that came before the 2xx too. */
  readonly notifies = new Mailbox<SipRequest>('NOTIFY');
  readonly uri: ByteString;
  /** The final response to the newest SUBSCRIBE. */
  response: SipResponse | null = null;
  /** Our tag of its 2xx: the dialog. */
  toTag: ByteString | null = null;
  /** Where refreshes go: the Contact of the 2xx. */
  remoteTarget: ByteString;
  cseq = 0;
  readonly #phone: Phone;
  readonly #options: SubscribeOptions;

  constructor(phone: Phone, uri: ByteString, options: SubscribeOptions) {
    this.#phone = phone;
    this.#options = options;
    this.uri = uri;
    this.remoteTarget = uri;
  }

  /** The status of the newest final response; 0 before any. */
  get status(): number {
    return this.response?.status ?? 0;
  }

  /** Sends a SUBSCRIBE (in the dialog, once there is one), with `more` header fields, and waits for its final response. */
  async refresh(expires: number, more: readonly ByteString[] = []): Promise<SipResponse> {
    this.cseq += 1;
    const { event = 'dialog', headers = [] } = this.#options;
    const response = await this.#phone.request({
      method: 'SUBSCRIBE',
      uri: this.remoteTarget,
      callId: this.callId,
      fromTag: this.fromTag,
      ...(this.toTag === null ? {} : { toTag: this.toTag }),
      cseq: this.cseq,
      headers: ['event', event, 'expires', `${expires}`, ...headers, ...more],
    });
    this.#take(response);
    return response;
  }

  /** The next NOTIFY of this subscription that was not taken yet. */
  nextNotify(ms?: number): Promise<SipRequest> {
    return this.notifies.next(ms);
  }

  /** Whether a request belongs to this dialog. */
  owns(request: SipRequest): boolean {
    return headerOf(request, 'call-id') === this.callId && tagOf(request, 'to') === this.fromTag;
  }

  #take(response: SipResponse): void {
    this.response = response;
    if (response.status < 200 || response.status > 299) return;
    this.toTag = tagOf(response, 'to');
    this.remoteTarget = parseNameAddr(headerOf(response, 'contact') ?? '')?.uri ?? this.remoteTarget;
  }
}

/** The tag of From or To, '' when it has none. */
export function tagOf(message: SipMessage, name: 'from' | 'to'): ByteString {
  return paramOf(parseNameAddr(headerOf(message, name) ?? '')?.params ?? [], 'tag') ?? '';
}
