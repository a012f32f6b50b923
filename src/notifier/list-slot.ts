import type { Notify } from '../ports/edge.ts';
import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { sameMark } from '../presence/board.ts';
import { findPackage } from '../presence/package/event-package.ts';
import type { DocumentStyle } from '../presence/package/style.ts';
import { escapeXml } from '../presence/package/xml.ts';
import { toUtf8 } from '../sip/utf8.ts';
import { ListEntry, memberUri } from './list-entry.ts';
import { type Page, writePage } from './list-page.ts';
import { headOctets } from './notify-octets.ts';
import type { ListOptions } from './options.ts';
import type { ResolvedList, ResolvedMember } from './resolved-list.ts';
import { isStream, Slot, type SlotStart } from './slot.ts';
import type { Styles } from './styles.ts';
import type { Watch } from './watch.ts';

/** RFC 4662 §4.5: in each NOTIFY of a list, and in the 2xx to its SUBSCRIBEs. */
export const REQUIRE_EVENTLIST = ['require', 'eventlist'] as const;

/** What a list slot is made of besides what every slot is. */
export interface ListStart extends SlotStart {
  readonly list: ResolvedList;
  /** The watch of each member, in their order. */
  readonly members: readonly Watch[];
  readonly styles: Styles;
  readonly options: ListOptions;
}

/**
 * One subscription to a list (RFC 4662): it hears many watches, and tells of those that changed. What does not fit
 * into one NOTIFY goes on in the next as soon as that was confirmed. After a failure, a SUBSCRIBE, a change of the
 * list or a start it tells everything again: RLMI versions only grow by one, and a phone that has missed one would
 * not know what it lacks. So nothing of this is kept in the store: `acked` stays null.
 */
export class ListSlot extends Slot {
  list: ResolvedList;
  readonly #styles: Styles;
  readonly #options: ListOptions;
  #entries: readonly ListEntry[] = [];
  #byWatch: ReadonlyMap<Watch, ListEntry> = new Map();
  /** Everything must be told. */
  #full = true;
  /** The NOTIFY that was sent last is not confirmed. */
  #unconfirmed = false;
  /** What is being told, page by page, and where the next page begins. */
  #queue: readonly ListEntry[] = [];
  #at = 0;
  #octets = 0;

  constructor(record: SubscriptionRecord, watch: Watch, start: ListStart) {
    super(record, watch, start);
    this.#styles = start.styles;
    this.#options = start.options;
    this.list = start.list;
    this.relist(start.list, start.members);
  }

  override get batchMs(): number {
    return this.#options.batchMs;
  }

  override get required(): readonly string[] {
    return REQUIRE_EVENTLIST;
  }

  override get watches(): readonly Watch[] {
    return [this.watch, ...this.#entries.map((entry) => entry.watch)];
  }

  override get confirmed(): boolean {
    if (this.#full || this.#unconfirmed || this.goesOn) return false;
    for (const entry of this.#entries) if (entry.pending) return false;
    return true;
  }

  override get goesOn(): boolean {
    return !this.#full && !this.#unconfirmed && this.#at < this.#queue.length;
  }

  override hear(watch: Watch): 'known' | 'same' | 'new' {
    const entry = this.#byWatch.get(watch);
    if (entry === undefined) return 'known';
    if (entry.pending) return 'new';
    if (sameMark(entry.sent, watch.mark)) return 'known';
    if (watch.document(entry.style) === entry.document) {
      entry.sent = watch.mark;
      return 'known';
    }
    entry.pending = true;
    return 'new';
  }

  override compose(subscriptionState: string, last: boolean): Notify {
    const fullState = this.#begin(last);
    this.cseq += 1;
    this.version += 1;
    const { body, contentType, told } = this.#write(fullState);
    for (let at = this.#at; at < this.#at + told; at += 1) this.#queue[at]?.tell();
    this.#at += told;
    this.#full = false;
    this.#unconfirmed = true;
    const { cseq } = this;
    return { cseq, subscriptionState, contentType, headers: REQUIRE_EVENTLIST, body, last };
  }

  /** A list has no entity-tag (RFC 5839): every SUBSCRIBE is told all of it. */
  override has(): boolean {
    return false;
  }

  override confirm(): void {
    this.#unconfirmed = false;
  }

  override renew(record: SubscriptionRecord, style: DocumentStyle): void {
    super.renew(record, style);
    this.relist(
      this.list,
      this.#entries.map((entry) => entry.watch),
    );
  }

  /** Takes another list, or the same anew: all of it is told (RFC 4662 §5.2). The caller cares for the watches. */
  relist(list: ResolvedList, watches: readonly Watch[]): void {
    this.list = list;
    this.#entries = list.members.flatMap((member, at) => {
      const watch = watches[at];
      return watch === undefined ? [] : [this.#entryFor(member, watch)];
    });
    this.#byWatch = new Map(this.#entries.map((entry) => [entry.watch, entry]));
    this.#full = true;
    const { flow } = this.record;
    const { streamOctets, udpOctets } = this.#options;
    this.#octets = (isStream(flow) ? streamOctets : udpOctets) - headOctets(this.record);
  }

  #entryFor(member: ResolvedMember, watch: Watch): ListEntry {
    const { record } = this;
    const contentType = findPackage(record.package)?.contentTypes[0] ?? '';
    // Each member is seen as if its phone had subscribed to it alone (RFC 4662 §7.2).
    const style = this.#styles.of({ ...record, resource: member.resource, contentType });
    return new ListEntry(member, watch, {
      uri: memberUri(member, record.entity, record.resource.realm),
      style,
    });
  }

  /** Chooses what the next NOTIFY is about; true: it begins to tell everything. */
  #begin(last: boolean): boolean {
    if (this.#full || this.#unconfirmed || last) return this.#beginAll();
    if (this.#at < this.#queue.length) return false;
    this.#queue = pendingOf(this.#entries);
    this.#at = 0;
    return this.#queue.length === 0 && this.#beginAll();
  }

  #beginAll(): true {
    for (const entry of this.#entries) entry.pending = true;
    this.#queue = this.#entries;
    this.#at = 0;
    return true;
  }

  #write(fullState: boolean): Page {
    const { list, record, version } = this;
    const mostOctets = this.#options.mostOctets - headOctets(record);
    return writePage({
      list: { uri: this.entity, version, fullState, name: fullState ? toUtf8(escapeXml(list.name)) : '' },
      queue: this.#queue,
      from: this.#at,
      // A fetch has one NOTIFY: it tells all that can be sent at all.
      octets: this.stored ? this.#octets : mostOctets,
      mostOctets,
      subscription: record.id,
    });
  }
}

function pendingOf(entries: readonly ListEntry[]): readonly ListEntry[] {
  const pending: ListEntry[] = [];
  for (const entry of entries) if (entry.pending) pending.push(entry);
  return pending;
}
