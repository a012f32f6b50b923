import type { LampOrder } from '../presence/lamp.ts';
import type { Deferrable, LoadLevel, LoadLimits } from '../presence/overload.ts';
import type { Rate } from '../presence/pacing.ts';
import type { View } from '../presence/package/style.ts';
import type { RealmPrivacy } from '../presence/privacy.ts';
import type { ProfileRule } from '../presence/profile/profiles.ts';
import type { RealmRules } from '../presence/realm.ts';
import type { UserCase } from '../presence/resource.ts';
import type { ResourceList } from '../presence/resource-list.ts';
import type { ExpiresLimits } from '../presence/subscription.ts';

/** What the operator decides about the notifier. */
export interface NotifierOptions {
  /** The name that this process owns subscriptions under; the same after a restart. */
  readonly nodeId: string;
  /** What our tags begin with behind the bucket, so that an edge knows whose they are; '' for a process that is alone. */
  readonly tagMark: string;
  readonly realms: RealmRules;
  readonly userCase: UserCase;
  readonly expires: ExpiresLimits;
  /** The largest part of the duration of a subscription that is taken off at random, 0 to 0.5. */
  readonly expiresJitter: number;
  readonly order: LampOrder;
  readonly rate: Rate;
  readonly calls: CallOptions;
  /** Who may ask who watches an ID (RFC 3857): the one who has that ID, everybody, nobody. */
  readonly watcherInfo: 'own' | 'all' | 'off';
  /** What phones need to be different, besides what is known of their families. */
  readonly profiles: readonly ProfileRule[];
  /** What a watcher sees of whom nothing else is said. */
  readonly view: View;
  /** Longest pause between two keep-alives of a UDP flow through a NAT, in seconds; 0: none. */
  readonly keepAliveSeconds: number;
  /** Who may see, publish and dial what, as far as somebody has authenticated. */
  readonly privacy: RealmPrivacy;
  readonly lists: ListOptions;
  readonly takeOver: TakeOverOptions;
  /** Where load becomes so much that phones are asked to come back later. */
  readonly overload: LoadLimits;
}

/** What the operator decides about subscriptions of nodes that are lost. */
export interface TakeOverOptions {
  /** `reachable`: what the edge says that it reaches; `udp`: every phone on UDP of an embedded edge, too. */
  readonly mode: 'reachable' | 'udp' | 'off';
  readonly perSecond: number;
}

/** What the operator decides about resource lists (RFC 4662). */
export interface ListOptions {
  /** How long a change waits for others, in ms. */
  readonly batchMs: number;
  /** The longest NOTIFY of a list over UDP, in octets. One member goes into each, however long that is. */
  readonly udpOctets: number;
  /** The same over TCP, TLS and WebSocket. */
  readonly streamOctets: number;
  /** What the edge can send at all: the names of all members go into one NOTIFY if that can be. */
  readonly mostOctets: number;
  readonly mostMembers: number;
  /** Lists that the API cannot change; their rev is 0. */
  readonly fixed: readonly ResourceList[];
}

/** What authentication meets: `slowed` is for who guesses, `stale` for a nonce of before, `forbidden` for a 403. */
export type AuthEvent =
  | 'challenged'
  | 'stale'
  | 'malformed'
  | 'wrong'
  | 'slowed'
  | 'authenticated'
  | 'forbidden';

/** How a call is answered whose flow ends without an answer. */
export interface CallOptions {
  /** A final status from 300 to 699. */
  readonly finalStatus: number;
  /** Instead: 200 with inactive audio, then BYE, for phones that complain about a failed feature code. */
  readonly answerAndRelease: boolean;
}

/** What the notifier tells whoever measures it. Each is called on the hot path: no allocation, no label objects. */
export interface NotifierMeter {
  /** A NOTIFY was handed to the edge; `latencyMs` since its board changed, or -1 if no change caused it. */
  sent(latencyMs: number): void;
  /** A NOTIFY ended: final status, 408 for a timeout, 0 for unreachable. */
  settled(status: number): void;
  /** A request was answered. */
  answered(method: string, status: number): void;
  /** The bus announced a board (`changed`), or said that it may have lost some (`missed`). */
  bus(event: 'changed' | 'missed'): void;
  /** What became of a subscription whose watcher has subscribed to the same anew. */
  duplicate(event: DuplicateEvent): void;
  auth(event: AuthEvent): void;
  /** How much is put off from now on. */
  load(level: LoadLevel): void;
  /** A request was put off with 503. */
  putOff(kind: Deferrable): void;
  /** How many subscriptions of an event package this node has now. */
  subscriptions(eventPackage: string, count: number): void;
}

/**
 * `probed`: it was asked for a sign of life; `kept`: it gave one; `gone`: the phone knows it no more; `silent`: it gave
 * none; `ended`: its watcher has too many.
 */
export type DuplicateEvent = 'probed' | 'kept' | 'gone' | 'silent' | 'ended';
