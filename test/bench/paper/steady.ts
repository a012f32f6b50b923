import type { Constants, Cost } from './constants.ts';
import {
  BEAT_COMMANDS,
  BUCKETS,
  COUNTERS_EVERY,
  DUE_EVERY,
  idsPerNode,
  type Plan,
  refreshEvery,
} from './plan.ts';

/** What every day looks like, per second. */
export interface Steady {
  readonly refreshes: number;
  readonly changes: number;
  readonly notifies: number;
  /** Commands of all shards, those inside scripts too, and how many of them come without any phone or change. */
  readonly commands: number;
  readonly idleCommands: number;
  /** The busy part of one shard's thread and of one node's core (0 to 1). */
  readonly shardBusy: number;
  readonly nodeBusy: number;
  /** Announcements that each node hears, and the part of them that it has watchers for. */
  readonly heard: number;
  readonly wanted: number;
  /** Octets that one shard sends, and that one node hears, for announcements alone. */
  readonly busShardOctets: number;
  readonly busNodeOctets: number;
  /** Octets in one Redis. */
  readonly shardMemory: number;
  readonly nodeMemory: number;
}

/** The load of a plan, from what each operation was measured to cost. */
export function steady(plan: Plan, { node, redis }: Constants): Steady {
  const ids = plan.subscriptions / plan.watchersPerId;
  const refreshes = plan.subscriptions / refreshEvery(plan);
  const changes = (ids * plan.changesPerIdPerHour) / 3600;
  const notifies = changes * plan.watchersPerId;
  const watched = idsPerNode(plan);
  const buckets = BUCKETS * (1 - (1 - 1 / BUCKETS) ** watched);
  const heard = (changes * buckets) / BUCKETS;
  const deliveries = heard * plan.nodes;
  // On a Cluster each bucket is asked by itself: counters of those that are heard, and the due index of all.
  const idleCommands = plan.nodes * (BEAT_COMMANDS + buckets / COUNTERS_EVERY + BUCKETS / DUE_EVERY);
  const loads: readonly (readonly [number, Cost])[] = [
    [refreshes, redis.refresh],
    [changes, redis.change],
    [notifies, redis.checkpoint],
    [idleCommands, redis.plain],
  ];
  const sum = (part: keyof Cost) => loads.reduce((total, [rate, cost]) => total + rate * cost[part], 0);
  const redisUs = sum('us') + deliveries * redis.delivery.us;
  const nodeUs =
    refreshes * node.refreshUs +
    changes * node.changeUs +
    notifies * node.notifyUs +
    deliveries * redis.heardUs;
  return {
    refreshes,
    changes,
    notifies,
    commands: sum('commands'),
    idleCommands,
    shardBusy: redisUs / 1e6 / plan.shards,
    nodeBusy: nodeUs / 1e6 / plan.nodes,
    heard,
    wanted: watched / ids,
    busShardOctets: (deliveries * redis.delivery.octetsOut) / plan.shards,
    busNodeOctets: heard * redis.delivery.octetsOut,
    shardMemory:
      (plan.subscriptions * redis.octetsPerSubscription + ids * redis.octetsPerBoard) / plan.shards,
    nodeMemory: (plan.subscriptions / plan.nodes) * node.octetsPerSubscription,
  };
}

/** How many times the load of a plan each part could bear, the least first: there it breaks. */
export function headroom(plan: Plan, load: Steady): readonly (readonly [string, number])[] {
  const parts: readonly (readonly [string, number])[] = [
    ['CPU of a Redis', plan.fullAt / load.shardBusy],
    ['CPU of a node', plan.fullAt / load.nodeBusy],
    ['memory of a Redis', plan.redisOctets / load.shardMemory],
    ['network of a Redis', plan.networkOctets / load.busShardOctets],
    ['network of a node', plan.networkOctets / load.busNodeOctets],
  ];
  return parts.toSorted(([, one], [, other]) => one - other);
}
