import type { ResourceList } from '../presence/resource-list.ts';
import type { SaveResult } from './callflows.ts';

/** The table of resource lists. Durable when a promise resolves; STORE_AWAY rejects it. */
export interface Lists {
  /** Every list of a realm, by name. */
  all(realm: string): Promise<readonly ResourceList[]>;
  get(realm: string, id: string): Promise<ResourceList | null>;
  /** Stores `list` (whose `rev` is `expectedRev + 1`) if the stored rev is `expectedRev`; 0 creates. */
  save(list: ResourceList, expectedRev: number): Promise<SaveResult>;
  remove(realm: string, id: string, expectedRev: number): Promise<SaveResult>;
  /** A number that differs after any change of the realm's lists by any node: to notice one. */
  stamp(realm: string): Promise<number>;
}
