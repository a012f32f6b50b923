import { BUCKETS } from '../presence/resource.ts';
import { LiveRealm } from './live-realm.ts';
import type { SeenId } from './seen-ids.ts';
import type { NotifierState } from './state.ts';

/**
 * Calls `listener` with each changed board of a realm, whichever node changed it, and with each ID that comes to be
 * watched, until the function given back is called. The boards of a realm lie in all buckets, so all of them are
 * heard while somebody looks.
 */
export async function live(
  state: NotifierState,
  realm: string,
  listener: (id: SeenId) => void,
): Promise<() => void> {
  await listenToAll(state);
  const looked = state.live.get(realm) ?? new LiveRealm(realm);
  state.live.set(realm, looked);
  // A function of its own: the same listener may be given twice.
  const told = (id: SeenId) => listener(id);
  looked.listeners.add(told);
  const stop = () => {
    if (!looked.listeners.delete(told)) return;
    if (looked.listeners.size === 0) state.live.delete(realm);
    ignoreAll(state);
  };
  await looked.begin(state).catch((error: unknown) => {
    stop();
    throw error;
  });
  return stop;
}

/** Looks for IDs that came to be watched, in each realm that somebody looks at. */
export async function lookForWatched(state: NotifierState): Promise<void> {
  for (const looked of state.live.values()) await looked.look(state);
}

/** Hears every bucket, or none: what was heard before one failed is given up again. */
async function listenToAll(state: NotifierState): Promise<void> {
  const { bus } = state.parts.store;
  const heard = await Promise.allSettled(Array.from({ length: BUCKETS }, (_, bucket) => bus.listen(bucket)));
  const failed = heard.find((one) => one.status === 'rejected');
  if (failed === undefined) return;
  for (const [bucket, one] of heard.entries()) if (one.status === 'fulfilled') bus.ignore(bucket);
  throw failed.reason;
}

function ignoreAll(state: NotifierState): void {
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) state.parts.store.bus.ignore(bucket);
}
