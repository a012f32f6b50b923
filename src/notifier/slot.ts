import type { Flow, Notify, NotifySlot } from '../ports/edge.ts';
import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { type BoardMark, sameMark } from '../presence/board.ts';
import type { PacingState } from '../presence/pacing.ts';
import { type DocumentTemplate, fillDocument } from '../presence/package/document.ts';
import type { DocumentStyle } from '../presence/package/style.ts';
import { escapeXml } from '../presence/package/xml.ts';
import { formatRates } from '../presence/rates.ts';
import type { EndReason } from '../presence/subscription.ts';
import type { Timed } from '../sip/wheel.ts';
import type { Watch } from './watch.ts';

/** CSeqs and versions are reserved this many at a time: the store hears of every 50th. */
export const RESERVE = 50;

/** Bodies above this may not fit into a datagram (RFC 3261 §18.1.1: 1300 octets) behind the head of a NOTIFY. */
const BRIEF_ABOVE_OCTETS = 600;

/** One for all slots: hardly any asks for rates of its own. */
const NEVER: readonly number[] = [];

/**
 * One subscription in memory: the record, and what changes too often to be written each time. Mutable, because a
 * board with ten thousand watchers changes ten thousand of them at once.
 */
export class Slot implements NotifySlot, Timed<Slot> {
  record: SubscriptionRecord;
  readonly watch: Watch;
  /** How the documents for this phone look. */
  style: DocumentStyle;
  /** The edge's own (see `NotifySlot`). */
  cache: unknown = null;
  pacing: PacingState = 'quiet';
  /** The last numbers used. */
  cseq: number;
  version: number;
  cseqCeiling: number;
  versionCeiling: number;
  /** The board in the NOTIFY that was sent last. */
  sent: BoardMark | null = null;
  /** The document in that NOTIFY. */
  document: DocumentTemplate | null = null;
  acked: BoardMark | null;
  /** When the next NOTIFY would conform to the rate, in ms (see `rateDelay`). */
  arrival = 0;
  failures = 0;
  timeouts = 0;
  /** Its watcher has subscribed to the same anew: the answer to the next NOTIFY decides whether this one lives. */
  probed = false;
  retryAfter: number | null = null;
  /** When the pacing goes on, in ms; infinite when it does not wait. */
  wakeAt = Number.POSITIVE_INFINITY;
  /** When the state is due again without a change, in ms; infinite unless the phone asked for it (RFC 6446 §6). */
  repeatAt = Number.POSITIVE_INFINITY;
  /** When the newest NOTIFYs were sent, for a phone that asked for rates of its own. */
  notified: readonly number[] = NEVER;
  /** What Subscription-State says of the rates. */
  rateText: string;
  reason: EndReason = 'timeout';
  /** False for a fetch: it lives for one NOTIFY and is never stored. */
  readonly stored: boolean;
  /** The record is newer than the store's: it was accepted while the store was away. */
  unsaved = false;
  // Links of the wheel (see `Timed`).
  due = 0;
  place = -1;
  before: Slot | null = null;
  after: Slot | null = null;
  #entity: string | null = null;
  #isBodiless = false;

  constructor(record: SubscriptionRecord, watch: Watch, start: SlotStart) {
    this.record = record;
    this.watch = watch;
    this.style = start.style;
    this.rateText = formatRates(record.rates);
    this.cseq = start.cseq;
    this.version = start.version;
    this.cseqCeiling = record.cseqCeiling;
    this.versionCeiling = record.versionCeiling;
    this.acked = record.acked;
    this.stored = start.stored;
  }

  /** The entity as it stands in documents, escaped. */
  get entity(): string {
    this.#entity ??= escapeXml(this.record.entity);
    return this.#entity;
  }

  /** How long a change waits for others, so that one NOTIFY tells of all, in ms. */
  get batchMs(): number {
    return 0;
  }

  /** True when the NOTIFY before told a part, and the next one goes on with it at once. */
  get goesOn(): boolean {
    return false;
  }

  /** The header fields that every 2xx to a SUBSCRIBE of this subscription has: name, value, name, value ... */
  get required(): readonly string[] {
    return [];
  }

  /** Every watch that has something to tell this phone. */
  get watches(): readonly Watch[] {
    return [this.watch];
  }

  /** True when nothing more is told: the subscription has ended, or is another node's. */
  get isOver(): boolean {
    return this.pacing === 'closed';
  }

  /** True when the phone has confirmed all that there is to tell. */
  get confirmed(): boolean {
    return sameMark(this.acked, this.watch.mark);
  }

  /**
   * A watch of this slot has another board: `known` if it was sent already, `same` if its document says what the one
   * that was sent says, so that the phone need not hear of it; else `new`.
   */
  hear(watch: Watch): 'known' | 'same' | 'new' {
    if (sameMark(this.sent, watch.mark)) return 'known';
    if (this.document === null || watch.document(this.style) !== this.document) return 'new';
    if (sameMark(this.acked, this.sent)) this.acked = watch.mark;
    this.sent = watch.mark;
    return 'same';
  }

  /** The next NOTIFY, with the newest board: the shared octets of its document, and this subscription's own numbers. */
  compose(subscriptionState: string, last: boolean): Notify {
    const document = this.watch.document(this.style);
    this.cseq += 1;
    this.version += 1;
    this.sent = this.watch.mark;
    this.document = document;
    const notify = {
      cseq: this.cseq,
      subscriptionState,
      contentType: document.contentType,
      headers: this.watch.entityTag,
      body: fillDocument(this.watch.addressed(document, this.entity), this.entity, this.version),
      last,
    };
    if (this.takeBodiless()) return { ...notify, contentType: '', body: '' };
    const fits = notify.body.length <= BRIEF_ABOVE_OCTETS || isStream(this.record.flow);
    return fits ? notify : this.#withBrief(notify);
  }

  #withBrief(notify: Notify): Notify {
    const brief = this.watch.brief(this.style);
    if (brief === null) return notify;
    return { ...notify, brief: fillDocument(brief, this.entity, this.version) };
  }

  /** RFC 5839 §5.4: whether the phone that has this entity-tag has all that there is to tell. */
  has(entityTag: string): boolean {
    return entityTag === '*' || entityTag === this.watch.entityTag[1];
  }

  /** RFC 5839 §6.2: the phone has the state already, so that its first NOTIFY comes without. */
  omitBody(): void {
    this.#isBodiless = true;
  }

  /** Whether the next NOTIFY is the one without body. */
  protected takeBodiless(): boolean {
    const isBodiless = this.#isBodiless;
    this.#isBodiless = false;
    return isBodiless;
  }

  /** The NOTIFY that was sent last is confirmed. */
  confirm(): void {
    this.acked = this.sent;
  }

  /** Takes a newer record of the same subscription; the edge's preparations are void then. */
  renew(record: SubscriptionRecord, style: DocumentStyle): void {
    this.record = record;
    this.style = style;
    this.rateText = formatRates(record.rates);
    if (record.rates === null) this.repeatAt = Number.POSITIVE_INFINITY;
    this.cache = null;
  }

  /** Goes on above numbers that somebody else may have used, in the next block. */
  raise(cseq: number, version: number): void {
    this.cseq = Math.max(this.cseq, cseq);
    this.version = Math.max(this.version, version);
    this.cseqCeiling = Math.max(this.cseqCeiling, this.cseq + RESERVE);
    this.versionCeiling = Math.max(this.versionCeiling, this.version + RESERVE);
  }

  /** The record with the progress that the store may not know yet. */
  current(): SubscriptionRecord {
    const { acked, cseqCeiling, versionCeiling } = this;
    return { ...this.record, acked, cseqCeiling, versionCeiling };
  }
}

/** What a slot starts from. */
export interface SlotStart {
  readonly style: DocumentStyle;
  readonly cseq: number;
  readonly version: number;
  readonly stored: boolean;
}

/** A flow as a key of maps. */
export function flowKey(flow: Flow): string {
  return `${flow.transport}:${flow.remoteAddress}:${flow.remotePort}`;
}

/** True for a flow that is a connection: its end can be seen, and loss on it is not loss of a message. */
export function isStream(flow: Flow): boolean {
  return flow.transport !== 'udp';
}
