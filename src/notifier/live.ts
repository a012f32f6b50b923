import type { Board } from '../presence/board.ts';
import { BUCKETS } from '../presence/resource.ts';
import type { NotifierState } from './state.ts';

/**
 * Calls `listener` with each changed board of a realm, whichever node changed it, until the function given back is
 * called. The boards of a realm lie in all buckets, so all of them are heard while somebody looks.
 */
export async function live(
  state: NotifierState,
  realm: string,
  listener: (board: Board) => void,
): Promise<() => void> {
  const { bus } = state.parts.store;
  const ofRealm = (board: Board) => {
    if (board.resource.realm === realm) listener(board);
  };
  await listenToAll(state);
  state.listeners.add(ofRealm);
  return () => {
    if (!state.listeners.delete(ofRealm)) return;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) bus.ignore(bucket);
  };
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
