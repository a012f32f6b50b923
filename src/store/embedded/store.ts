import { join } from 'node:path';
import type { Store } from '../../ports/store.ts';
import { EmbeddedBoards } from './boards.ts';
import { EmbeddedBus } from './bus.ts';
import { EmbeddedCallflows } from './callflows.ts';
import { EmbeddedCredentials } from './credentials.ts';
import { openDatabase } from './database.ts';
import { GroupCommit } from './group-commit.ts';
import { EmbeddedLists } from './lists.ts';
import { EmbeddedNodes } from './nodes.ts';
import { EmbeddedPost } from './post.ts';
import { EmbeddedSubscriptions } from './subscriptions.ts';
import { sweeper } from './sweep.ts';

/** How often what nobody wants any more is removed, in ms. */
const SWEEP_EVERY = 3_600_000;

/**
 * The store in one SQLite file, `<dataDir>/lamplighter.db`, for one process. Rejects with DATA_DIR_IN_USE,
 * STORE_CORRUPT, or STORE_AWAY when the file cannot be written.
 */
export async function createEmbeddedStore({ dataDir }: { readonly dataDir: string }): Promise<Store> {
  const database = openDatabase(dataDir);
  const group = new GroupCommit(database, join(dataDir, 'lamplighter.db'));
  const bus = new EmbeddedBus();
  const boards = new EmbeddedBoards(database, group, bus);
  const sweep = sweeper(database, group);
  // A sweep that fails is like any write that fails: `ready()` shows it, and the next one tries again.
  const timer = setInterval(() => sweep().catch(() => undefined), SWEEP_EVERY).unref();
  await sweep();
  return {
    name: 'embedded',
    boards,
    subscriptions: new EmbeddedSubscriptions(database, group, boards),
    callflows: new EmbeddedCallflows(database, group),
    lists: new EmbeddedLists(database, group),
    credentials: new EmbeddedCredentials(database, group),
    nodes: new EmbeddedNodes(),
    bus,
    post: new EmbeddedPost(),
    ready: () => group.ready,
    // What it has committed it does not lose.
    unsettled: () => false,
    close: async () => {
      clearInterval(timer);
      if (!database.isOpen) return;
      group.close();
      database.close();
    },
  };
}
