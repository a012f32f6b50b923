import type { DatabaseSync } from 'node:sqlite';
import { BLANK_BOARD_MS, EXPIRED_RECORD_MS } from '../retention.ts';
import type { GroupCommit } from './group-commit.ts';

/** Removes what nobody wants any more: records that expired long ago, then blank boards that nobody watches. */
export function sweeper(database: DatabaseSync, group: GroupCommit): () => Promise<void> {
  const records = database.prepare('DELETE FROM subscriptions WHERE max(expires_at, touched_at) < ?');
  const boards = database.prepare(
    `DELETE FROM boards WHERE blank = 1 AND touched_at < ? AND NOT EXISTS
       (SELECT 1 FROM subscriptions WHERE subscriptions.user = boards.user AND subscriptions.realm = boards.realm)`,
  );
  return () =>
    group.run(() => {
      const now = Date.now();
      records.run(now - EXPIRED_RECORD_MS);
      boards.run(now - BLANK_BOARD_MS);
    });
}
