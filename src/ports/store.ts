import type { Boards } from './boards.ts';
import type { Bus } from './bus.ts';
import type { Callflows } from './callflows.ts';
import type { StoredCredentials } from './credentials.ts';
import type { Lists } from './lists.ts';
import type { Nodes } from './nodes.ts';
import type { Post } from './post.ts';
import type { Subscriptions } from './subscriptions.ts';

/** The tables and the bus of one store, opened together. */
export interface Store {
  readonly name: 'redis' | 'embedded';
  readonly boards: Boards;
  readonly subscriptions: Subscriptions;
  readonly callflows: Callflows;
  readonly lists: Lists;
  readonly credentials: StoredCredentials;
  readonly nodes: Nodes;
  readonly bus: Bus;
  readonly post: Post;
  /** False while the store cannot be reached; writes reject with STORE_AWAY then. */
  ready(): boolean;
  /**
   * True for a while after it was away or has failed over: it may have lost what was answered, until every node has
   * compared. Then a change that changes nothing must be stored all the same, or what was lost is written back over it.
   */
  unsettled(): boolean;
  close(): Promise<void>;
}
