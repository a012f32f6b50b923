import { Fault } from '../../errors.ts';
import { BUCKETS, bucketOf, type Resource } from '../../presence/resource.ts';

/**
 * The names of everything in Redis. What one script touches together has one hash tag, so that it is on one
 * node of a Cluster: `{b17}` for all that belongs to the resources of bucket 17, `{realm:acme.example}` for the
 * callflows of a realm.
 */
export interface Keys {
  board(resource: Resource): string;
  /** Ids of the subscriptions of a resource, by expiry. */
  subscriptions(resource: Resource): string;
  /** The record of a subscription; null for an id that is not one of ours. */
  record(id: string): string | null;
  /** A subscription's record, the ids of its resource, and the board; null if the id is not in the resource's bucket. */
  ofSubscription(id: string, resource: Resource): readonly [string, string, string] | null;
  /** Resources by deadline. */
  due(bucket: number): string;
  /** How many boards were announced in the bucket. */
  seq(bucket: number): string;
  channel(bucket: number): string;
  /** User parts with a board in a realm, in lexicographic order. */
  realm(realm: string): string;
  /** Realms in which a user part is watched, by the last expiry. */
  realms(user: string): string;
  /** User parts that may be watched in a realm, in lexicographic order: a hint, the records are the truth. */
  watched(realm: string): string;
  /** The same by the last expiry. */
  watchedUntil(realm: string): string;
  /** Differs after each new subscription in the realm. */
  watchStamp(realm: string): string;
  /** Ids of the subscriptions that a node owns: a hint, the records are the truth. */
  owned(node: string): string;
  /** Callflows of a realm by id. */
  callflows(realm: string): string;
  /** Differs after each change of the realm's callflows. */
  stamp(realm: string): string;
  /** Records of the runs of a callflow, newest first. */
  runs(realm: string, callflowId: string): string;
  /** Seats of a realm by id. */
  seats(realm: string): string;
  /** Resource lists of a realm by id. */
  lists(realm: string): string;
  /** Differs after each change of the realm's lists. */
  listStamp(realm: string): string;
  /** Up to when the schedule of a realm was done. */
  scheduled(realm: string): string;
  /** Realms that may have callflows: a hint, the callflows are the truth. */
  callflowRealms(): string;
  claim(key: string): string;
  /** Users of a realm by name. */
  users(realm: string): string;
  /** The secret that nonces are signed with. */
  nonceSecret(): string;
  /** The newest sign of life of each node. */
  signs(): string;
  /** The channel on which a node is spoken to. */
  post(node: string): string;
  /** Who takes over what a lost node owned. */
  nodeClaim(node: string): string;
}

/** The names under a prefix. CONFIG_INVALID when the prefix would break the hash tags. */
export function redisKeys(prefix: string): Keys {
  if (!/^[\w.:-]{1,64}$/.test(prefix)) {
    throw new Fault(
      'CONFIG_INVALID',
      `Cannot use redis.prefix "${prefix}": 1 to 64 letters, digits and . : _ - are wanted`,
    );
  }
  const tags = Array.from({ length: BUCKETS }, (_, bucket) => `${prefix}:{b${bucket}}`);
  const realmTag = (realm: string) => `${prefix}:{realm:${encodePart(realm)}}`;
  const tag = (bucket: number) => tags[bucket] ?? `${prefix}:{b${bucket}}`;
  return {
    board: (resource) => `${tag(bucketOf(resource))}:board:${encodeResource(resource)}`,
    subscriptions: (resource) => `${tag(bucketOf(resource))}:subs:${encodeResource(resource)}`,
    record: (id) => {
      const bucket = bucketOfId(id);
      return bucket === null ? null : `${tag(bucket)}:sub:${id}`;
    },
    ofSubscription: (id, resource) => {
      const bucket = bucketOf(resource);
      if (bucketOfId(id) !== bucket) return null;
      const [start, name] = [tag(bucket), encodeResource(resource)];
      return [`${start}:sub:${id}`, `${start}:subs:${name}`, `${start}:board:${name}`];
    },
    due: (bucket) => `${tag(bucket)}:due`,
    seq: (bucket) => `${tag(bucket)}:seq`,
    channel: (bucket) => tag(bucket),
    realm: realmTag,
    realms: (user) => `${prefix}:{user:${encodePart(user)}}:realms`,
    watched: (realm) => `${realmTag(realm)}:watched`,
    watchedUntil: (realm) => `${realmTag(realm)}:watched-until`,
    watchStamp: (realm) => `${realmTag(realm)}:watch-stamp`,
    owned: (node) => `${prefix}:{node:${encodePart(node)}}:owned`,
    callflows: (realm) => `${realmTag(realm)}:callflows`,
    stamp: (realm) => `${realmTag(realm)}:stamp`,
    runs: (realm, callflowId) => `${realmTag(realm)}:runs:${encodePart(callflowId)}`,
    seats: (realm) => `${realmTag(realm)}:seats`,
    lists: (realm) => `${realmTag(realm)}:lists`,
    listStamp: (realm) => `${realmTag(realm)}:list-stamp`,
    scheduled: (realm) => `${realmTag(realm)}:scheduled`,
    callflowRealms: () => `${prefix}:{callflow-realms}`,
    claim: (key) => `${prefix}:{claim:${encodePart(key)}}`,
    users: (realm) => `${realmTag(realm)}:users`,
    nonceSecret: () => `${prefix}:{nonce-secret}`,
    signs: () => `${prefix}:{nodes}:signs`,
    post: (node) => `${prefix}:{node:${encodePart(node)}}:post`,
    nodeClaim: (node) => `${prefix}:{nodes}:claim:${encodePart(node)}`,
  };
}

/** The bucket that a subscription id names; null for an id that is not one of ours. */
export function bucketOfId(id: string): number | null {
  const digits = /^b(0|[1-9]\d{0,3})-[\w.~-]{1,128}$/.exec(id)?.[1];
  const bucket = Number(digits ?? BUCKETS);
  return bucket < BUCKETS ? bucket : null;
}

/** A resource as it stands in keys and indexes: `{ } / : @` and control characters are escaped. */
export function encodeResource(resource: Resource): string {
  return `${encodePart(resource.user)}@${encodePart(resource.realm)}`;
}

/** The resource of `encodeResource`. Null for any other text. */
export function decodeResource(text: string): Resource | null {
  const [user, realm, ...more] = text.split('@');
  if (!user || !realm || more.length > 0) return null;
  try {
    return { realm: decodeURIComponent(realm), user: decodeURIComponent(user) };
  } catch {
    return null;
  }
}

function encodePart(part: string): string {
  // A lone surrogate cannot be encoded, and `encodeURIComponent` would throw.
  return encodeURIComponent(part.toWellFormed());
}
