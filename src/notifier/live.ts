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
  state.listeners.add(ofRealm);
  await Promise.all(Array.from({ length: BUCKETS }, (_, bucket) => bus.listen(bucket)));
  return () => {
    if (!state.listeners.delete(ofRealm)) return;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) bus.ignore(bucket);
  };
}
