import type { ListMember, ResourceList } from '../presence/resource-list.ts';

/** A list as somebody wants it to be. */
export interface ListDraft {
  readonly realm: string;
  /** The user part of its URI; any case. */
  readonly id: string;
  /** Empty: its id. */
  readonly name: string;
  readonly members: readonly ListMember[];
  /** The rev it was read at; 0 creates. */
  readonly rev: number;
}

/** How a change of a list ended. */
export type ListOutcome = { readonly kind: 'saved'; readonly list: ResourceList } | ListRefusal;

/** Why nothing was written. */
export type ListRefusal =
  /** It cannot be a list, for this reason. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Somebody saved meanwhile, or it is there already. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'gone' }
  /** It stands in the configuration: only that can change it. */
  | { readonly kind: 'fixed' };

/** What the HTTP side may ask about lists. Rejects with STORE_AWAY. */
export interface ListService {
  /** Those of the configuration first, then the others by name. */
  all(realm: string): Promise<readonly ResourceList[]>;
  get(realm: string, id: string): Promise<ResourceList | null>;
  /** Phones of this node are told at once, those of others within 4 s. */
  save(draft: ListDraft): Promise<ListOutcome>;
  remove(realm: string, id: string, rev: number): Promise<'ok' | 'stale' | 'gone' | 'fixed'>;
}
