import type { Store } from '../../../src/ports/store.ts';

/** What a contract suite needs of a store. */
export interface StoreWorld {
  /** Opens a node's store on the data that all stores of this world share. */
  open(): Promise<Store>;
  /** True if several nodes may use the data at the same time. */
  readonly shared: boolean;
  dispose(): Promise<void>;
}

/** The nodes of a suite. On a store for one process both are the same. */
export interface Nodes {
  readonly one: Store;
  readonly other: Store;
}
