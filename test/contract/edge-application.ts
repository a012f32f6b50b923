import type {
  Edge,
  EdgeHandlers,
  Flow,
  IncomingRequest,
  Notify,
  NotifyResult,
  NotifySlot,
} from '../../src/ports/edge.ts';
import type { SubscriptionRecord } from '../../src/ports/subscriptions.ts';
import { parseCseq } from '../../src/sip/cseq.ts';
import { parseEvent } from '../../src/sip/event.ts';
import { splitList } from '../../src/sip/list.ts';
import { type ByteString, headerOf, headersOf, type SipRequest } from '../../src/sip/message.ts';
import { formatNameAddr, parseNameAddr, withoutTag } from '../../src/sip/name-addr.ts';
import { Mailbox } from '../support/mailbox.ts';
import { randomToken, tagOf } from '../support/phone.ts';

/** How one NOTIFY ended, and for whom. */
export interface Settled {
  readonly slot: NotifySlot;
  readonly result: NotifyResult;
}

/** One subscription as the application keeps it: the record may be replaced, the slot stays. */
export class Subscription implements NotifySlot {
  record: SubscriptionRecord;
  cache: unknown = null;
  cseq: number;

  constructor(record: SubscriptionRecord) {
    this.record = record;
    this.cseq = record.dialog.remoteCseq + 100;
  }
}

/** The smallest application that an edge can have: it keeps dialogs and writes down what it is told. */
export class Application implements EdgeHandlers {
  readonly requests = new Mailbox<IncomingRequest>('request for the application');
  readonly cancellations = new Mailbox<IncomingRequest>('cancelled INVITE');
  readonly settlements = new Mailbox<Settled>('settled NOTIFY');
  readonly living = new Mailbox<Flow>('answer to a keep-alive');
  readonly closings = new Mailbox<Flow>('closed stream');
  readonly numbers: { readonly slot: NotifySlot; readonly cseq: number }[] = [];
  /** What it does with a request at once. */
  onRequest: (request: IncomingRequest) => void = () => {};
  onSettled: (settled: Settled) => void = () => {};
  readonly #edge: Edge;

  constructor(edge: Edge) {
    this.#edge = edge;
  }

  request(request: IncomingRequest): void {
    this.requests.push(request);
    this.onRequest(request);
  }

  cancelled(request: IncomingRequest): void {
    this.cancellations.push(request);
  }

  settled(slot: NotifySlot, result: NotifyResult): void {
    this.settlements.push({ slot, result });
    this.onSettled({ slot, result });
  }

  numbered(slot: NotifySlot, cseq: number): void {
    this.numbers.push({ slot, cseq });
  }

  alive(flow: Flow): void {
    this.living.push(flow);
  }

  closed(flow: Flow): void {
    this.closings.push(flow);
  }

  restored(): void {}

  /** Answers the SUBSCRIBE that forms a dialog with 200; `mark`: what the tag begins with behind its bucket. */
  accept(request: IncomingRequest, mark = ''): Subscription {
    const id = `b7-${mark}${randomToken()}`;
    const stack = this.#edge.stackFor(request, null);
    const localTarget = this.#edge.contactFor(request);
    const subscription = new Subscription({ ...recordOf(request, id, localTarget), stack });
    const expires = headerOf(request.message, 'expires') ?? '3600';
    this.#edge.respond(request, { status: 200, toTag: id, headers: ['expires', expires] });
    return subscription;
  }

  /** Answers a SUBSCRIBE within the dialog with 200 and takes over its Contact and flow. */
  refresh(subscription: Subscription, request: IncomingRequest): void {
    const stack = this.#edge.stackFor(request, subscription.record.stack);
    const { id, dialog } = subscription.record;
    const localTarget = this.#edge.contactFor(request);
    const { routeSet } = dialog;
    const fresh = recordOf(request, id, localTarget);
    subscription.record = { ...fresh, dialog: { ...fresh.dialog, routeSet }, stack };
    subscription.cache = null;
    const expires = headerOf(request.message, 'expires') ?? '3600';
    this.#edge.respond(request, { status: 200, headers: ['expires', expires] });
  }

  /** Sends the next NOTIFY. */
  notify(
    subscription: Subscription,
    body: ByteString,
    options: Partial<Pick<Notify, 'last' | 'headers' | 'brief'>> = {},
  ): void {
    subscription.cseq += 1;
    const { last = false, headers = [], brief } = options;
    this.#edge.notify(subscription, {
      cseq: subscription.cseq,
      subscriptionState: last ? 'terminated;reason=timeout' : 'active;expires=3000',
      contentType: body === '' ? '' : 'application/dialog-info+xml',
      headers,
      body,
      ...(brief === undefined ? {} : { brief }),
      last,
    });
  }
}

function recordOf(
  { message, flow }: IncomingRequest,
  id: string,
  localTarget: ByteString,
): SubscriptionRecord {
  const event = parseEvent(headerOf(message, 'event') ?? '');
  return {
    id,
    resource: { realm: 'default', user: '1001' },
    package: event?.package ?? 'dialog',
    eventId: event?.id ?? null,
    contentType: 'application/dialog-info+xml',
    entity: message.uri,
    dialog: {
      callId: headerOf(message, 'call-id') ?? '',
      localTag: id,
      remoteTag: tagOf(message, 'from'),
      localUri: addressOf(message, 'to'),
      remoteUri: addressOf(message, 'from'),
      localTarget,
      remoteTarget: parseNameAddr(headerOf(message, 'contact') ?? '')?.uri ?? '',
      routeSet: headersOf(message, 'record-route').flatMap((value) => splitList(value)),
      remoteCseq: parseCseq(headerOf(message, 'cseq') ?? '')?.number ?? 0,
    },
    flow,
    stack: null,
    userAgent: '',
    instance: null,
    identity: null,
    rates: null,
    createdAt: 0,
    expiresAt: 3_600_000,
    acked: null,
    cseqCeiling: 1000,
    versionCeiling: 1000,
    owner: 'node-1',
    epoch: 1,
  };
}

function addressOf(message: SipRequest, name: 'from' | 'to'): ByteString {
  const value = headerOf(message, name) ?? '';
  const address = parseNameAddr(value);
  return address === null ? value : formatNameAddr(withoutTag(address));
}
