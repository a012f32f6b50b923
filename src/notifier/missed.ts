import { compare } from './compare.ts';
import type { NotifierState } from './state.ts';

/**
 * Announcements of these buckets were lost: their boards are compared with the table. Null: the store was away, or has
 * lost data, so that whatever this node knows is checked, and written back where it is not there: records, too.
 */
export function missed(state: NotifierState, buckets: ReadonlySet<number> | null): void {
  state.parts.meter.bus('missed');
  if (buckets === null) for (const slot of state.slots.values()) state.unwritten.add(slot);
  compare(state, buckets).catch((error: unknown) => {
    state.parts.log.warn({ err: error }, 'Boards cannot be compared now, and will be again');
  });
}
