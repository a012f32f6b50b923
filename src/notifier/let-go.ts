import { isFault } from '../errors.ts';
import type { NotifierState } from './state.ts';
import { takeUp } from './takeover.ts';
import { together } from './together.ts';

/** How long after it was let go of a subscription is looked at once more, in ms: by then whoever took it has written so. */
const LOOK_AFTER_MS = 5_000;
/** Records that are read at the same time. */
const AT_ONCE = 100;

/**
 * Looks once more at what this node has let go of. Whoever wanted it may have died before its write arrived, or a failover
 * has lost that: then the store says that it is this node's, nobody else would ever tell its phone, and it is taken up again.
 */
export async function lookAtLetGo(state: NotifierState): Promise<void> {
  const before = state.parts.steady() - LOOK_AFTER_MS;
  const due = [...state.letGo].filter(([, at]) => at <= before);
  for (const [id] of due) state.letGo.delete(id);
  const failures: unknown[] = [];
  await together(due, AT_ONCE, ([id, at]) =>
    lookAt(state, id).catch((error: unknown) => {
      // Not that of a record which cannot be read: it would be in the way of the others for ever.
      if (isFault(error, 'STORE_AWAY')) state.letGo.set(id, at);
      failures.push(error);
    }),
  );
  if (failures.length > 0) throw failures[0];
}

async function lookAt(state: NotifierState, id: string): Promise<void> {
  const isHere = () => state.slots.has(id) || state.ended.has(id) || state.ending;
  const record = isHere() ? null : await state.parts.store.subscriptions.find(id);
  if (record?.owner === state.parts.options.nodeId && !isHere()) await takeUp(state, [record]);
}
