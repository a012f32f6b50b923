import type {
  Answer,
  Edge,
  EdgeHandlers,
  Flow,
  IncomingRequest,
  Notify,
  NotifyResult,
  NotifySlot,
  StackDialog,
} from '../../src/ports/edge.ts';
import type { SubscriptionRecord } from '../../src/ports/subscriptions.ts';
import { inspectRequest } from '../../src/sip/inspect.ts';
import { parseMessage } from '../../src/sip/parse.ts';
import { inspectSips } from '../../src/sip/sips.ts';

/** One NOTIFY as the application handed it over. */
export interface SentNotify extends Notify {
  readonly slot: NotifySlot;
}

/** An edge without a wire: a test plays the phone by hand. For tests of the application alone. */
export class RecordingEdge implements Edge {
  readonly answers: Answer[] = [];
  readonly notifies: SentNotify[] = [];
  /** INVITEs whose call was ended. */
  readonly hungUp: IncomingRequest[] = [];
  readonly keptAlive: NotifySlot[] = [];
  readonly released: { readonly slot: NotifySlot; readonly told: boolean }[] = [];
  /** What happened, in order: `200`, `NOTIFY 1` ... */
  readonly order: string[] = [];
  /** Which phones of other nodes can be told from here: all unless changed. */
  reachable: (record: SubscriptionRecord) => boolean = () => true;
  /** Messages that wait for the stack of the edge. */
  waiting = 0;
  handlers: EdgeHandlers | null = null;
  #cseq = 0;
  #newest: IncomingRequest | null = null;

  async start(handlers: EdgeHandlers): Promise<void> {
    this.handlers = handlers;
  }

  quiesce(): void {}

  async stop(): Promise<void> {
    this.order.push('stop');
  }

  listening() {
    return [];
  }

  servers() {
    return [];
  }

  ready(): boolean {
    return true;
  }

  backlog(): number {
    return this.waiting;
  }

  contactFor({ flow }: IncomingRequest): string {
    return `sip:${flow.localAddress}:${flow.localPort}`;
  }

  respond(_request: IncomingRequest, answer: Answer): void {
    this.answers.push(answer);
    this.order.push(String(answer.status));
  }

  hangUp(request: IncomingRequest): void {
    this.hungUp.push(request);
    this.order.push('hang up');
  }

  stackFor(): StackDialog | null {
    return null;
  }

  notify(slot: NotifySlot, notify: Notify): void {
    this.notifies.push({ ...notify, slot });
    this.order.push(`NOTIFY ${notify.cseq}`);
  }

  keepAlive(slot: NotifySlot): void {
    this.keptAlive.push(slot);
  }

  reaches(record: SubscriptionRecord): boolean {
    return this.reachable(record);
  }

  release(slot: NotifySlot, told: boolean): void {
    this.released.push({ slot, told });
  }

  /** The last NOTIFY; a test that asks for one that was never sent fails. */
  get last(): SentNotify {
    const last = this.notifies.at(-1);
    if (last === undefined) throw new Error('No NOTIFY was sent');
    return last;
  }

  /** The phone answers the last NOTIFY, or the given one. */
  settle(result: NotifyResult | number = 200, notify: SentNotify = this.last): void {
    const outcome = typeof result === 'number' ? answered(result) : result;
    this.handlers?.settled(notify.slot, outcome);
  }

  /** A request arrives. */
  receive(text: string, flow: Flow = FLOW): void {
    const result = parseMessage(text.replaceAll('\n', '\r\n'));
    if (result.kind !== 'message' || result.message.kind !== 'request') throw new Error('Not a request');
    this.#newest = { message: result.message, flow };
    const refused = inspectRequest(result.message) ?? inspectSips(result.message, flow.transport);
    if (refused === null) this.handlers?.request(this.#newest);
    else this.respond(this.#newest, refused);
  }

  /** The caller of the newest request gives up. */
  cancel(): void {
    if (this.#newest !== null) this.handlers?.cancelled(this.#newest);
  }

  /** A SUBSCRIBE arrives; what is not given is that of a new subscription to `night`. */
  subscribe(facts: SubscribeFacts = {}): void {
    this.#cseq = facts.cseq ?? this.#cseq + 1;
    this.receive(subscribeText({ ...facts, cseq: this.#cseq }), facts.flow ?? FLOW);
  }
}

/** Where the phone of most tests is. */
export const FLOW: Flow = {
  transport: 'udp',
  remoteAddress: '192.0.2.10',
  remotePort: 5062,
  localAddress: '192.0.2.1',
  localPort: 5060,
};

export interface SubscribeFacts {
  readonly uri?: string;
  readonly to?: string;
  readonly from?: string;
  readonly contact?: string;
  readonly toTag?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly event?: string | null;
  readonly expires?: number | null;
  /** More header lines. */
  readonly headers?: readonly string[];
  readonly flow?: Flow;
}

/** A SUBSCRIBE as a phone writes it. */
function subscribeText(facts: SubscribeFacts): string {
  const { uri = 'sip:night@acme.example', to = uri, callId = 'call-1', cseq = 1, event = 'dialog' } = facts;
  const { expires = 600, from = 'sip:1001@acme.example', contact = '<sip:1001@192.0.2.10:5062>' } = facts;
  return [
    `SUBSCRIBE ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK${callId}${cseq}`,
    `From: <${from}>;tag=phone`,
    `To: <${to}>${facts.toTag === undefined ? '' : `;tag=${facts.toTag}`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} SUBSCRIBE`,
    `Contact: ${contact}`,
    'Max-Forwards: 70',
    ...(event === null ? [] : [`Event: ${event}`]),
    ...(expires === null ? [] : [`Expires: ${expires}`]),
    ...(facts.headers ?? []),
    '',
    '',
  ].join('\n');
}

function answered(status: number): NotifyResult {
  return { kind: 'answered', status, retryAfter: null };
}
