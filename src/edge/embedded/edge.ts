import { randomBytes } from 'node:crypto';
import type {
  Answer,
  Edge,
  EdgeHandlers,
  EdgeServer,
  Flow,
  IncomingRequest,
  ListenPoint,
  Notify,
  NotifySlot,
} from '../../ports/edge.ts';
import type { PassedOn } from '../../ports/siblings.ts';
import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import type { ByteString } from '../../sip/message.ts';
import { parseLimits, parseMessage } from '../../sip/parse.ts';
import { peekResponse, type ResponsePeek } from '../../sip/peek.ts';
import { answerStun } from '../../sip/stun.ts';
import { STANDARD_TIMERS, type TransactionTimers } from '../../sip/transaction.ts';
import { byeText } from './bye.ts';
import type { Call } from './calls.ts';
import { ClientTransactions } from './client-transactions.ts';
import { Door, type DoorOptions } from './door.ts';
import type { EdgeCount, Inbound } from './inbound.ts';
import { type KeepAliveKind, KeepAlives } from './keep-alives.ts';
import { isTooLarge, LargeNotifies } from './large-notifies.ts';
import { BACK } from './next-hop.ts';
import { NotifyHead, type SentBy } from './notify-head.ts';
import { Passing } from './passing.ts';
import type { Connection, Path } from './path.ts';
import { PhoneStreams } from './phone-streams.ts';
import { Reach } from './reach.ts';
import { topVia } from './received.ts';
import { RecentHeads } from './recent-heads.ts';
import { Routing } from './routing.ts';
import type { Arrival } from './served-request.ts';
import { StreamGuard } from './stream-guard.ts';
import { Ticker } from './ticker.ts';
import { type ListenOptions, Transports } from './transports.ts';
import { Uas } from './uas.ts';

/** How the embedded edge listens and behaves. */
export interface EmbeddedOptions extends ListenOptions, DoorOptions {
  readonly keepAlive: KeepAliveKind;
  /** Whether a datagram that bears this address is believed to come from there. Absent: all are. */
  believes?(address: string): boolean;
  /** True for a node that shares our ports, or has done so before. Absent: none does. */
  isSibling?(node: string): boolean;
  /** Absent: the values of RFC 3261. */
  readonly timers?: TransactionTimers;
}

/** The edge that speaks SIP itself, in this process: UDP, TCP, TLS, WebSocket. It opens nothing before `start`. */
export function createEmbeddedEdge(options: EmbeddedOptions): Edge {
  return new EmbeddedEdge(options);
}

const NOBODY: EdgeHandlers = {
  request: () => {},
  cancelled: () => {},
  settled: () => {},
  numbered: () => {},
  alive: () => {},
  closed: () => {},
  restored: () => {},
};

class EmbeddedEdge implements Edge, Inbound {
  readonly #options: EmbeddedOptions;
  readonly #transports: Transports;
  readonly #routing: Routing;
  readonly #reach: Reach;
  readonly #ticker: Ticker;
  readonly #client: ClientTransactions;
  readonly #server: Uas;
  readonly #heads = new RecentHeads();
  readonly #phoneStreams = new PhoneStreams();
  readonly #large: LargeNotifies;
  readonly #keepAlives: KeepAlives;
  readonly #door: Door;
  readonly #passing: Passing;
  #handlers = NOBODY;
  #ready = false;

  constructor(options: EmbeddedOptions) {
    this.#options = options;
    this.#door = new Door(options);
    const guard = new StreamGuard({ limits: options.limits, door: this.#door, now: () => performance.now() });
    this.#transports = new Transports(options, this, guard);
    this.#routing = new Routing(this.#transports, options);
    const passing = new Passing(options.siblings ?? null, (name) => this.count(name));
    this.#passing = passing;
    const { external, isSibling = () => false } = options;
    this.#reach = new Reach({ external, listening: () => this.listening(), isSibling });
    const timers = options.timers ?? STANDARD_TIMERS;
    this.#ticker = new Ticker(tickMsFor(timers));
    const shared = { timers, ticker: this.#ticker, count: (name: EdgeCount) => this.count(name) };
    this.#client = new ClientTransactions({
      ...shared,
      instance: `${passing.mark}${randomBytes(6).toString('hex')}`,
      settled: (slot, result) => this.#handlers.settled(slot, result),
      wayTo: (slot) => this.#headOf(slot).found,
    });
    this.#large = new LargeNotifies({
      client: this.#client,
      streams: this.#phoneStreams,
      sentBy: (slot, stream) => this.#notifySentBy(slot, stream),
      settled: (slot, result) => this.#handlers.settled(slot, result),
      count: shared.count,
    });
    this.#keepAlives = new KeepAlives({
      kind: options.keepAlive,
      client: this.#client,
      sentBy: (flow) => this.#routing.sentBy({ way: BACK }, flow),
      alive: (flow) => this.#handlers.alive(flow),
      count: shared.count,
    });
    this.#server = new Uas({
      ...shared,
      limits: { ...parseLimits, headOctets: options.maxMessageBytes, bodyOctets: options.maxMessageBytes },
      tag: () => `${passing.mark}${randomBytes(8).toString('hex')}`,
      contactFor: (request) => this.contactFor(request),
      reply: (arrival, bytes) => this.#reply(arrival, bytes),
      believes: ({ transport, remoteAddress }) =>
        transport !== 'udp' || (options.believes?.(remoteAddress) ?? true),
      deliver: (request) => this.#handlers.request(request),
      cancelled: (request) => this.#handlers.cancelled(request),
      bye: (call, ended) => this.#bye(call, ended),
      malformed: (flow, reason) => this.#door.refused('malformed', flow.remoteAddress, { reason }),
    });
  }

  async start(handlers: EdgeHandlers): Promise<void> {
    await this.#transports.open();
    this.#handlers = handlers;
    this.#ready = true;
    this.#passing.start((datagram) => this.#receivePassed(datagram));
  }

  quiesce(): void {
    this.#server.quiesce();
  }

  async stop(): Promise<void> {
    this.#handlers = NOBODY;
    this.#ready = false;
    this.#ticker.stop();
    await this.#transports.close();
  }

  servers(): readonly EdgeServer[] {
    return [];
  }

  listening(): readonly ListenPoint[] {
    return this.#transports.points;
  }

  ready(): boolean {
    return this.#ready;
  }

  /** The sockets take everything: what a slow peer leaves unread ends its stream. */
  backlog(): number {
    return 0;
  }

  contactFor(request: IncomingRequest): ByteString {
    return this.#routing.contactFor(request);
  }

  respond(request: IncomingRequest, answer: Answer): void {
    if (!this.#ready) return;
    this.#server.respond(request, answer);
    const accepted = answer.status >= 200 && answer.status < 300;
    if (accepted && request.message.method === 'SUBSCRIBE') this.#learnStream(request);
  }

  hangUp(request: IncomingRequest): void {
    if (this.#ready) this.#server.hangUp(request);
  }

  /** The record says all that this edge needs. */
  stackFor(): null {
    return null;
  }

  notify(slot: NotifySlot, notify: Notify): void {
    if (!this.#ready) return;
    const head = this.#headOf(slot);
    if (isTooLarge(head, notify)) this.#large.send(slot, head, notify);
    else this.#client.send(slot, head, notify);
  }

  keepAlive(slot: NotifySlot): void {
    const { transport, remoteAddress, remotePort } = slot.record.flow;
    const found = transport === 'udp' ? this.#transports.udpPath(remoteAddress, remotePort) : null;
    if (this.#ready && found !== null) this.#keepAlives.send(slot, found);
  }

  reaches(record: SubscriptionRecord): boolean {
    return this.#ready && this.#reach.reaches(record);
  }

  /** Nothing is kept of a dialog here. */
  release(): void {}

  admits(address: string): boolean {
    return this.#door.admits(address);
  }

  response(text: ByteString): void {
    if (!this.#ready) return;
    const peek = peekResponse(text) ?? readResponse(text);
    if (peek === null) this.count('malformed');
    else if (!this.#client.receive(peek.branch, peek.status, text)) this.#passing.response(peek.branch, text);
  }

  request(text: ByteString, flow: Flow, connection: Connection | null): void {
    if (!this.#ready) return;
    const verdict = this.#door.rateOf(flow.remoteAddress);
    if (verdict === 'serve') this.#serve(text, flow, connection);
    // A datagram may come from somebody else than it says: whoever that is gets no answers.
    else if (verdict === 'refuse' && connection !== null) this.#server.refuse(text, flow, connection);
  }

  /** What comes on a stream is served by whoever has the stream: nobody else can tell its phone anything there. */
  #serve(text: ByteString, flow: Flow, connection: Connection | null): void {
    const isPassed = connection === null && this.#passing.request(text, flow);
    if (!isPassed) this.#server.receive(text, flow, connection);
  }

  /** A sibling has heard it, and has asked the door. */
  #receivePassed({ text, flow }: PassedOn): void {
    if (!this.#ready) return;
    if (flow !== null) {
      this.#server.receive(text, flow, null);
      return;
    }
    const peek = peekResponse(text) ?? readResponse(text);
    const taken = peek !== null && this.#client.receive(peek.branch, peek.status, text);
    if (!taken) this.count('unmatched_response');
  }

  stun(text: ByteString, address: string, port: number): ByteString | null {
    if (this.#door.rateOf(address) !== 'serve') return null;
    const outcome = answerStun(text, address, port);
    if (outcome.kind === 'malformed') this.refused('malformed', address);
    else this.count('stun');
    return outcome.kind === 'answer' ? outcome.bytes : null;
  }

  opened(connection: Connection): void {
    this.#transports.adopt(connection);
  }

  closed(connection: Connection): void {
    this.#transports.drop(connection);
    this.#phoneStreams.drop(connection);
    this.#client.fail(connection);
    this.#handlers.closed(connection.flow);
  }

  count(name: EdgeCount): void {
    this.#options.count(name);
  }

  refused(name: EdgeCount, address: string): void {
    this.#door.refused(name, address);
  }

  /** The application knows now whose stream it is. */
  #learnStream(request: IncomingRequest): void {
    const connection = this.#transports.connectionOf(request.flow);
    if (connection !== null) this.#phoneStreams.learn(request, connection);
  }

  /** What stays the same in each NOTIFY of a slot, with the way to its phone as it is now. */
  #headOf(slot: NotifySlot): NotifyHead {
    const head = slot.cache instanceof NotifyHead ? slot.cache : this.#prepare(slot);
    if (head.found === null || !head.found.path.open) {
      head.found = this.#transports.pathOf(head.hop.way, slot.record.flow);
    }
    return head;
  }

  #prepare(slot: NotifySlot): NotifyHead {
    const { dialog, flow } = slot.record;
    const hop = this.#routing.hopOf(dialog, flow);
    const head = new NotifyHead(slot.record, hop, this.#routing.sentBy(hop, flow));
    slot.cache = head;
    this.#heads.add(slot);
    return head;
  }

  #bye({ dialog, invite: { flow } }: Call, ended: () => void): void {
    const hop = this.#routing.hopOf(dialog, flow);
    const sentBy = this.#routing.sentBy(hop, flow);
    const write = (branch: ByteString): ByteString => byeText(dialog, { hop, sentBy, branch });
    this.#client.request(this.#transports.pathOf(hop.way, flow), write, ended);
  }

  /** The sent-by of a NOTIFY that goes the way of its dialog, or on another stream of the phone. */
  #notifySentBy({ record }: NotifySlot, stream: Connection | null): SentBy {
    return stream === null
      ? this.#routing.sentBy(this.#routing.hopOf(record.dialog, record.flow), record.flow)
      : this.#routing.sentBy({ way: BACK }, stream.flow);
  }

  #reply(arrival: Arrival, bytes: Buffer): Path | null {
    const path = this.#routing.replyPath(arrival)?.path ?? null;
    if (path === null) this.count('no_reply_path');
    else path.send(bytes);
    return path;
  }
}

/** A tenth of T1 is as exact as a retransmission needs to be. */
function tickMsFor(timers: TransactionTimers): number {
  return Math.min(Math.max(timers.t1Ms / 10, 2), 50);
}

/** The slow way to what `peekResponse` could not see; null when it is no response to us. */
function readResponse(text: ByteString): ResponsePeek | null {
  const result = parseMessage(text);
  if (result.kind === 'fault' || result.message.kind === 'request') return null;
  const branch = topVia(result.message)?.branch ?? null;
  return branch === null ? null : { status: result.message.status, branch };
}
