/** Seconds, evenly from `least` on. */
export interface Span {
  readonly least: number;
  readonly spread: number;
}

/** An installation on paper. What is not measured is assumed here, and nowhere else. */
export interface Plan {
  readonly subscriptions: number;
  readonly nodes: number;
  /** Primaries of the Redis Cluster. */
  readonly shards: number;
  /** Phones that watch one presence ID, spread over the nodes at random. */
  readonly watchersPerId: number;
  readonly changesPerIdPerHour: number;
  readonly expiresSeconds: number;
  /** A granted duration is up to so much shorter, at random (`sip.expiresJitterPercent`). */
  readonly jitterPercent: number;
  /** When a phone refreshes: the part of what it was granted. */
  readonly refreshAt: number;
  /** The part of a core that is used at most. */
  readonly fullAt: number;
  /** Octets that a Redis may keep, and a second that the network of one machine carries. */
  readonly redisOctets: number;
  readonly networkOctets: number;
  /** Until others know that a node is lost, and how many it takes in a second (`nodes.takeOverPerSecond`). */
  readonly lostAfterSeconds: number;
  readonly takeOverPerSecond: number;
  /** The part of the phones that a NOTIFY from another address reaches. */
  readonly reachable: number;
  /** Until a replica is the primary. */
  readonly failoverSeconds: number;
  /** To Redis and back. */
  readonly roundTripMs: number;
  /** Phones have power again within so many seconds. */
  readonly bootSeconds: number;
  /** Retry-After of a 503 in seconds: of a node with too much to do, and of one with far too much. */
  readonly retryAfter: { readonly busy: Span; readonly full: Span };
  /** CPU of a node for a 503, as part of that for a SUBSCRIBE: assumed. */
  readonly refusalPart: number;
  /** The part of its time that a node has for SUBSCRIBEs however many it must turn away: assumed. */
  readonly keptPart: number;
}

/** 10 million subscriptions over 40 nodes of one core each. */
export const PLAN: Plan = {
  subscriptions: 10_000_000,
  nodes: 40,
  shards: 8,
  watchersPerId: 10,
  changesPerIdPerHour: 12,
  expiresSeconds: 3600,
  jitterPercent: 10,
  refreshAt: 0.8,
  fullAt: 0.7,
  redisOctets: 16 * 2 ** 30,
  networkOctets: 125_000_000,
  lostAfterSeconds: 5,
  takeOverPerSecond: 1000,
  reachable: 1,
  failoverSeconds: 10,
  roundTripMs: 0.5,
  bootSeconds: 120,
  retryAfter: { busy: { least: 5, spread: 25 }, full: { least: 15, spread: 60 } },
  refusalPart: 0.25,
  keptPart: 0.1,
};

/** Buckets of presence IDs: each is one channel and one slot. */
export const BUCKETS = 4096;

/** Boards read together when a node compares, and seconds between the looks at counters and at due buckets. */
export const READ_TOGETHER = 500;
export const COUNTERS_EVERY = 3;
export const DUE_EVERY = 3;
/** Commands of a heartbeat, one a second. */
export const BEAT_COMMANDS = 5;

/** Seconds between a phone's SUBSCRIBEs, on average. */
export function refreshEvery({ expiresSeconds, jitterPercent, refreshAt }: Plan): number {
  return expiresSeconds * (1 - jitterPercent / 200) * refreshAt;
}

/** Presence IDs that at least one phone of a given node watches. */
export function idsPerNode({ subscriptions, watchersPerId, nodes }: Plan): number {
  return (subscriptions / watchersPerId) * (1 - (1 - 1 / nodes) ** watchersPerId);
}
