import type { Notify } from '../ports/edge.ts';
import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { type BoardMark, NO_BOARD, sameMark } from '../presence/board.ts';
import { encodeWatcherInfo, type Watcher } from '../presence/package/watcher-info.ts';
import { parseNameAddr } from '../sip/name-addr.ts';
import { unquote } from '../sip/quoted.ts';
import { escapeUser } from '../sip/uri.ts';
import { fromUtf8, toUtf8 } from '../sip/utf8.ts';
import { Slot, type SlotStart } from './slot.ts';
import type { Watch } from './watch.ts';

/** A subscription to who watches a resource with one event package (RFC 3857). Boards do not concern it. */
export class WatcherInfoSlot extends Slot {
  readonly #eventPackage: string;
  readonly #newId: () => string;
  readonly #now: () => number;
  #watchers: readonly SubscriptionRecord[] = [];
  #mark: BoardMark = NO_BOARD;
  /** What was told last; `sent` is for boards, whose age is measured. */
  #told: BoardMark | null = null;

  constructor(
    record: SubscriptionRecord,
    watch: Watch,
    start: SlotStart & {
      readonly eventPackage: string;
      readonly newId: () => string;
      readonly now: () => number;
    },
  ) {
    super(record, watch, start);
    this.#eventPackage = start.eventPackage;
    this.#newId = start.newId;
    this.#now = start.now;
  }

  override get confirmed(): boolean {
    return sameMark(this.acked, this.#mark);
  }

  override hear(): 'known' {
    return 'known';
  }

  /** The live subscriptions of the resource, as read from the store: true when others watch than before. */
  show(records: readonly SubscriptionRecord[]): boolean {
    const watchers = records.filter((record) => record.package === this.#eventPackage);
    const isSame =
      watchers.length === this.#watchers.length &&
      watchers.every(({ id }, index) => id === this.#watchers[index]?.id);
    this.#watchers = watchers;
    if (isSame && this.#mark !== NO_BOARD) return false;
    this.#mark = { rev: this.#mark.rev + 1, change: this.#newId() };
    return true;
  }

  override has(entityTag: string): boolean {
    return entityTag === '*' || entityTag === this.#mark.change;
  }

  override confirm(): void {
    this.acked = this.#told;
  }

  override compose(subscriptionState: string, last: boolean): Notify {
    this.cseq += 1;
    this.version += 1;
    this.#told = this.#mark;
    const about = {
      resource: fromUtf8(this.record.entity),
      eventPackage: this.#eventPackage,
      version: this.version,
    };
    const watchers = this.#watchers.map((record) => watcherOf(record, this.#now()));
    const isEmpty = this.takeBodiless();
    return {
      cseq: this.cseq,
      subscriptionState,
      contentType: isEmpty ? '' : this.style.contentType,
      headers: ['SIP-ETag', this.#mark.change],
      body: isEmpty ? '' : toUtf8(encodeWatcherInfo(watchers, about)),
      last,
    };
  }
}

function watcherOf(record: SubscriptionRecord, now: number): Watcher {
  return {
    id: watcherId(record.id),
    ...nameOf(record),
    expiresIn: Math.max(0, Math.ceil((record.expiresAt - now) / 1000)),
    since: Math.max(0, Math.floor((now - record.createdAt) / 1000)),
  };
}

/** RFC 3857 §6: who has authenticated is named as that, whatever its From says; anybody else as From says. */
function nameOf({ identity, dialog }: SubscriptionRecord): Pick<Watcher, 'uri' | 'display'> {
  if (identity !== null) return { uri: identityUri(identity) };
  const from = parseNameAddr(dialog.remoteUri);
  const display = from?.display == null ? '' : fromUtf8(unquote(from.display));
  return { uri: fromUtf8(from?.uri ?? dialog.remoteUri), ...(display === '' ? {} : { display }) };
}

function identityUri(identity: string): string {
  const at = identity.lastIndexOf('@');
  return `sip:${escapeUser(identity.slice(0, at))}${identity.slice(at)}`;
}

/** Two hashes (FNV-1a, 32 bit) of the record's id: the id itself is a dialog's tag, and nobody else's business. */
function watcherId(id: string): string {
  const hashes = [0x811c9dc5, 0x01000193].map((seed) => {
    let hash = seed;
    for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
    return (hash >>> 0).toString(16).padStart(8, '0');
  });
  return `w${hashes.join('')}`;
}
