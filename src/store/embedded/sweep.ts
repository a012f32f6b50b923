import type { DatabaseSync } from 'node:sqlite';
import { BLANK_BOARD_MS, EXPIRED_RECORD_MS, ORPHAN_RUNS_MS } from '../retention.ts';
import type { GroupCommit } from './group-commit.ts';

/**
 * Removes what nobody wants any more: records that expired long ago, then blank boards that nobody watches; runs of
 * callflows that are gone, and claims that ran out.
 */
export function sweeper(database: DatabaseSync, group: GroupCommit): () => Promise<void> {
  const records = database.prepare('DELETE FROM subscriptions WHERE max(expires_at, touched_at) < ?');
  const boards = database.prepare(
    `DELETE FROM boards WHERE blank = 1 AND touched_at < ? AND NOT EXISTS
       (SELECT 1 FROM subscriptions WHERE subscriptions.user = boards.user AND subscriptions.realm = boards.realm)`,
  );
  const runs = database.prepare(
    `DELETE FROM runs WHERE touched_at < ? AND NOT EXISTS
       (SELECT 1 FROM callflows WHERE callflows.realm = runs.realm AND callflows.id = runs.callflow)`,
  );
  const claims = database.prepare('DELETE FROM claims WHERE until <= ?');
  return () =>
    group.run(() => {
      const now = Date.now();
      records.run(now - EXPIRED_RECORD_MS);
      boards.run(now - BLANK_BOARD_MS);
      runs.run(now - ORPHAN_RUNS_MS);
      claims.run(now);
    });
}
