import type { Constants } from './constants.ts';
import { idsPerNode, type Plan, READ_TOGETHER } from './plan.ts';
import type { Steady } from './steady.ts';

/** What the loss of a shard's primary does. */
export interface ShardLoss {
  /** Changes and new subscriptions refused with 503 until a replica has taken its place. */
  readonly refusedChanges: number;
  /** Refreshes answered from memory meanwhile, and written afterwards. */
  readonly owedRefreshes: number;
  /** Boards that the nodes read to compare. */
  readonly reads: number;
  /** Seconds from the failover until the last node has compared all that it watches. */
  readonly compared: number;
}

/** Fails one shard over: every node then compares every board that it watches, in groups, one group after the other. */
export function loseShard(plan: Plan, load: Steady, { redis }: Constants): ShardLoss {
  const groups = Math.ceil(idsPerNode(plan) / READ_TOGETHER);
  const clients = Array.from({ length: plan.nodes }, () => groups);
  const serviceMs = (READ_TOGETHER / plan.shards) * (redis.read.us / 1000);
  const compared = compareAll(clients, { shards: plan.shards, serviceMs, roundTripMs: plan.roundTripMs });
  const share = 1 / plan.shards;
  return {
    refusedChanges: load.changes * share * plan.failoverSeconds,
    owedRefreshes: load.refreshes * share * plan.failoverSeconds,
    reads: plan.nodes * idsPerNode(plan),
    compared: compared / 1000,
  };
}

/** How fast groups are read. */
export interface Reading {
  readonly shards: number;
  /** What a group takes of each shard's time. */
  readonly serviceMs: number;
  readonly roundTripMs: number;
}

/**
 * ms until all groups of all clients are read. Each client asks all shards for a group at once and goes on when the last has
 * answered; a shard serves one after the other, in the order of arrival.
 */
export function compareAll(groups: readonly number[], { shards, serviceMs, roundTripMs }: Reading): number {
  const freeAt = Array.from({ length: shards }, () => 0);
  const asking = groups.map((left) => ({ at: 0, left }));
  let end = 0;
  for (;;) {
    const next = asking
      .filter(({ left }) => left > 0)
      .reduce<{ at: number; left: number } | null>(
        (first, one) => (first === null || one.at < first.at ? one : first),
        null,
      );
    if (next === null) return end;
    const arrives = next.at + roundTripMs / 2;
    for (const [shard, free] of freeAt.entries()) freeAt[shard] = Math.max(free, arrives) + serviceMs;
    next.at = Math.max(...freeAt) + roundTripMs / 2;
    next.left -= 1;
    end = Math.max(end, next.at);
  }
}
