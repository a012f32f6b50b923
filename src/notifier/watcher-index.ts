import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { parseNameAddr } from '../sip/name-addr.ts';
import { formatUri, parseUri } from '../sip/uri.ts';
import type { Slot } from './slot.ts';

/** What a watcher has without any subscription. */
const NONE: readonly Slot[] = [];

/**
 * The subscriptions of each watcher to the same ID and package, on this node. A watcher is one phone of one account:
 * its AOR, and its `+sip.instance` or, where it has none, its Contact. So two phones on one account stay two. All of
 * that anybody can write: as whom it has authenticated is part of it, so that nobody ends what belongs to another.
 */
export class WatcherIndex {
  /** By a hash, which costs no memory: the few that share one are told apart. Nearly all have one of their own. */
  readonly #slots = new Map<number, Slot | Slot[]>();
  readonly #seed: number;

  /** `seed`: random, so that nobody can make up many watchers that share a hash. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  add(slot: Slot): void {
    const key = this.#hashOf(slot.record);
    const known = this.#slots.get(key);
    if (known === undefined) this.#slots.set(key, slot);
    else if (Array.isArray(known)) known.push(slot);
    else this.#slots.set(key, [known, slot]);
  }

  remove(slot: Slot): void {
    const key = this.#hashOf(slot.record);
    const known = this.#slots.get(key);
    if (known === slot) this.#slots.delete(key);
    if (!Array.isArray(known)) return;
    const others = known.filter((other) => other !== slot);
    if (others.length === 0) this.#slots.delete(key);
    else this.#slots.set(key, others);
  }

  /** The other subscriptions of the slot's watcher that are not at their end, the oldest first. */
  others(slot: Slot): readonly Slot[] {
    const known = this.#slots.get(this.#hashOf(slot.record));
    if (!Array.isArray(known)) return NONE;
    return known.filter((other) => other !== slot && !slotEnds(other) && isSameWatcher(other, slot));
  }

  /** Of what is watched and of the device, 31 bits. */
  #hashOf(record: SubscriptionRecord): number {
    const seed = hashed(this.#seed, record.resource.user);
    return hashed(hashed(seed, record.package), deviceOf(record)) >>> 1;
  }
}

function slotEnds({ pacing }: Slot): boolean {
  return pacing === 'ending' || pacing === 'closing' || pacing === 'closed';
}

function deviceOf({ instance, dialog }: SubscriptionRecord): string {
  return instance ?? dialog.remoteTarget;
}

/** FNV-1a. */
function hashed(seed: number, text: string): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

function isSameWatcher({ record: one }: Slot, { record: other }: Slot): boolean {
  const isSameThing =
    one.package === other.package &&
    one.resource.user === other.resource.user &&
    one.resource.realm === other.resource.realm;
  const isSameDevice = isSameThing && deviceOf(one) === deviceOf(other) && one.identity === other.identity;
  return isSameDevice && aorOf(one.dialog.remoteUri) === aorOf(other.dialog.remoteUri);
}

/** The AOR in a From: scheme, user and host; the text itself when it is no SIP URI. */
function aorOf(from: string): string {
  const uri = parseUri(parseNameAddr(from)?.uri ?? '');
  return uri === null ? from : formatUri({ ...uri, password: null, port: null, params: [], headers: null });
}
