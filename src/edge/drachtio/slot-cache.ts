import type { NotifySlot } from '../../ports/edge.ts';

/** What this edge keeps beside a record; it is lost whenever the record is replaced. */
export interface SlotCache {
  /** drachtio-server has lost the dialog. */
  outOfDialog: boolean;
  /** Whether the last NOTIFY made drachtio-server forget the dialog; null when it is not known here. */
  freed: boolean | null;
}

export function cacheOf(slot: NotifySlot): SlotCache {
  // The port leaves `cache` to the edge: only this function sets it, and the application to null.
  const cache = (slot.cache ?? { outOfDialog: false, freed: null }) as SlotCache;
  slot.cache = cache;
  return cache;
}
