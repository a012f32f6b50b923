import type { NotifySlot } from '../../ports/edge.ts';
import type { ByteString } from '../../sip/message.ts';

/** What this edge keeps beside a record; it is lost whenever the record is replaced. */
export interface SlotCache {
  /** drachtio-server has lost the dialog. */
  outOfDialog: boolean;
  /** Whether the last NOTIFY made drachtio-server forget the dialog; null when it is not known here. */
  freed: boolean | null;
  /** What its NOTIFYs begin with, inside the dialog of drachtio-server and outside; null until the first. */
  inside: ByteString | null;
  outside: ByteString | null;
}

export function cacheOf(slot: NotifySlot): SlotCache {
  // The port leaves `cache` to the edge: only this function sets it, and the application to null.
  const cache = (slot.cache ?? newCache()) as SlotCache;
  slot.cache = cache;
  return cache;
}

function newCache(): SlotCache {
  return { outOfDialog: false, freed: null, inside: null, outside: null };
}
