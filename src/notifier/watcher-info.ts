import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { watchedPackage } from '../presence/package/watcher-info.ts';
import { realmOf } from '../presence/realm.ts';
import { formatResource, makeResource } from '../presence/resource.ts';
import { parseNameAddr } from '../sip/name-addr.ts';
import { parseUri, unescapeUri } from '../sip/uri.ts';
import { fromUtf8 } from '../sip/utf8.ts';
import { feed } from './perform.ts';
import type { NotifierState } from './state.ts';
import type { WatcherInfoSlot } from './watcher-info-slot.ts';

/** Reads anew who watches what the watcher information of this node is about, and tells what has changed. */
export async function informOfWatchers(state: NotifierState): Promise<void> {
  for (const slot of [...state.informed]) {
    if ((await readWatchers(state, slot)) && state.informed.has(slot)) feed(state, slot, 'changed');
  }
}

/** Takes the watchers of a slot's resource from the store; true when they are others than before. */
export async function readWatchers(state: NotifierState, slot: WatcherInfoSlot): Promise<boolean> {
  return slot.show(await state.parts.store.subscriptions.watchers(slot.record.resource, state.now()));
}

/**
 * Whether the phone may have the package of its subscription: who watches is for the watched one to know, or for
 * everybody, as the operator says (RFC 3857 §4.6).
 */
export function mayInform(state: NotifierState, record: SubscriptionRecord): boolean {
  const { watcherInfo } = state.parts.options;
  if (watchedPackage(record.package) === null || watcherInfo === 'all') return true;
  return watcherInfo === 'own' && askerOf(state, record) === formatResource(record.resource);
}

/** Who asks, as `user@realm`: who has authenticated, else who From says. */
function askerOf(state: NotifierState, { identity, dialog }: SubscriptionRecord): string | null {
  if (identity !== null) return identity;
  const { realms, userCase } = state.parts.options;
  const uri = parseUri(parseNameAddr(dialog.remoteUri)?.uri ?? '');
  const realm = uri === null ? null : realmOf(uri.host, realms);
  if (uri?.user == null || realm === null) return null;
  const resource = makeResource(fromUtf8(unescapeUri(uri.user)), realm, userCase);
  return resource === null ? null : formatResource(resource);
}
