import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { formatResource } from '../presence/resource.ts';
import { parseNameAddr } from '../sip/name-addr.ts';
import { formatUri, parseUri } from '../sip/uri.ts';
import type { Slot } from './slot.ts';

/**
 * The subscriptions of each watcher to the same ID and package, on this node. A watcher is one phone of one account:
 * its AOR, and its `+sip.instance` or, where it has none, its Contact. So two phones on one account stay two. All of
 * that anybody can write: as whom it has authenticated is part of it, so that nobody ends what belongs to another.
 */
export class WatcherIndex {
  readonly #slots = new Map<string, Slot[]>();

  add(slot: Slot): void {
    const key = watcherKey(slot.record);
    const slots = this.#slots.get(key);
    if (slots === undefined) this.#slots.set(key, [slot]);
    else slots.push(slot);
  }

  remove(slot: Slot): void {
    const key = watcherKey(slot.record);
    const slots = this.#slots.get(key) ?? [];
    const at = slots.indexOf(slot);
    if (at !== -1) slots.splice(at, 1);
    if (slots.length === 0) this.#slots.delete(key);
  }

  /** The other subscriptions of the slot's watcher that are not at their end, the oldest first. */
  others(slot: Slot): readonly Slot[] {
    const slots = this.#slots.get(watcherKey(slot.record)) ?? [];
    return slots.filter((other) => other !== slot && !slotEnds(other));
  }
}

function slotEnds({ pacing }: Slot): boolean {
  return pacing === 'ending' || pacing === 'closing' || pacing === 'closed';
}

function watcherKey({ resource, package: name, dialog, instance, identity }: SubscriptionRecord): string {
  const device = instance ?? dialog.remoteTarget;
  return `${formatResource(resource)}\n${name}\n${identity ?? ''}\n${aorOf(dialog.remoteUri)}\n${device}`;
}

/** The AOR in a From: scheme, user and host; the text itself when it is no SIP URI. */
function aorOf(from: string): string {
  const uri = parseUri(parseNameAddr(from)?.uri ?? '');
  return uri === null ? from : formatUri({ ...uri, password: null, port: null, params: [], headers: null });
}
