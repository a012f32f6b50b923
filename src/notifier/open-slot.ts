import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { MULTIPART_RELATED } from '../presence/package/multipart-related.ts';
import { watchedPackage } from '../presence/package/watcher-info.ts';
import type { Resource } from '../presence/resource.ts';
import { ListSlot } from './list-slot.ts';
import { listSeenBy, type ResolvedList } from './resolved-list.ts';
import { Slot, type SlotStart } from './slot.ts';
import type { NotifierState } from './state.ts';
import type { Watch } from './watch.ts';
import { readWatchers } from './watcher-info.ts';
import { WatcherInfoSlot } from './watcher-info-slot.ts';

/**
 * The place of a subscription, with its watches heard on the bus. The caller reads the boards, and gives the slot to
 * `NotifierState.add` or, if that fails, to `release`.
 */
export async function openSlot(
  state: NotifierState,
  record: SubscriptionRecord,
  start: Omit<SlotStart, 'style'>,
): Promise<Slot> {
  const style = state.styles.of(record);
  if (record.contentType === MULTIPART_RELATED) return openListSlot(state, record, { ...start, style });
  const watch = await state.watch(record.resource);
  const eventPackage = watchedPackage(record.package);
  if (eventPackage === null) return new Slot(record, watch, { ...start, style });
  const { newId } = state.parts;
  const slot = new WatcherInfoSlot(record, watch, {
    ...start,
    style,
    eventPackage,
    newId,
    now: () => state.now(),
  });
  try {
    await readWatchers(state, slot);
    return slot;
  } catch (error) {
    state.release(slot);
    throw error;
  }
}

async function openListSlot(
  state: NotifierState,
  record: SubscriptionRecord,
  start: SlotStart,
): Promise<ListSlot> {
  const { resource } = record;
  // A list that is gone by now: its phone is told so when its subscription has come to life (see `refreshLists`).
  const found = (await state.lists.find(resource)) ?? emptyList(resource);
  const list = listFor(state, record, found);
  const resources = [resource, ...list.members.map((member) => member.resource)];
  const [watch, ...members] = await watchAll(state, resources);
  const { styles } = state;
  return new ListSlot(record, watch as Watch, {
    ...start,
    list,
    members,
    styles,
    options: state.parts.options.lists,
  });
}

/** A list as the watcher of a subscription gets it. */
export function listFor(
  { styles }: NotifierState,
  { identity }: SubscriptionRecord,
  list: ResolvedList,
): ResolvedList {
  return listSeenBy(list, (resource) => styles.sightOf(identity, resource) !== 'refuse');
}

function emptyList(resource: Resource): ResolvedList {
  return { resource, name: '', members: [], mark: '' };
}

/** The watches of many resources, in their order; when one cannot be heard, none is held. */
export async function watchAll(
  state: NotifierState,
  resources: readonly Resource[],
): Promise<readonly Watch[]> {
  const results = await Promise.allSettled(resources.map((resource) => state.watch(resource)));
  const watches = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  if (watches.length === resources.length) return watches;
  for (const watch of watches) state.unwatch(watch);
  throw results.find((result) => result.status === 'rejected')?.reason;
}
