import type { Board, BoardMark } from '../presence/board.ts';
import type { NotifyRates } from '../presence/rates.ts';
import type { Resource } from '../presence/resource.ts';
import type { Dialog } from '../sip/dialog.ts';
import type { ByteString } from '../sip/message.ts';
import type { Flow, StackDialog } from './edge.ts';

/** One RFC 6665 subscription as it is stored. A value; a refresh makes a new one. */
export interface SubscriptionRecord {
  /** `b<bucket>-<mark><random>`, also our tag in the dialog: it finds the record with one read, on any node. */
  readonly id: string;
  readonly resource: Resource;
  /** The event package: `dialog`, `presence`. */
  readonly package: string;
  /** The `id` parameter of Event, or null (RFC 6665 §4.5.2). */
  readonly eventId: ByteString | null;
  readonly contentType: ByteString;
  /** The URI that the phone asked for: `entity` of the documents. */
  readonly entity: ByteString;
  readonly dialog: Dialog;
  readonly flow: Flow;
  readonly stack: StackDialog | null;
  readonly userAgent: ByteString;
  /** The `+sip.instance` of the phone's Contact (RFC 5626 §4.1), or null. */
  readonly instance: ByteString | null;
  /** As whom the phone has authenticated, `user@realm`; null for one that is trusted by its network. */
  readonly identity: string | null;
  /** The rates that it got on request (RFC 6446); null when it asked for none. */
  readonly rates: NotifyRates | null;
  /** ms since the epoch. */
  readonly createdAt: number;
  /** ms since the epoch. */
  readonly expiresAt: number;
  /** The board that the phone has confirmed with a 2xx; null before the first. */
  readonly acked: BoardMark | null;
  /** CSeqs below this may have been used; the next owner starts above it. */
  readonly cseqCeiling: number;
  /** The same for `version` of dialog-info. */
  readonly versionCeiling: number;
  /** The node that sends this subscription's NOTIFYs. */
  readonly owner: string;
  /** Grows by one whenever the owner changes: a write with an older one is refused. */
  readonly epoch: number;
}

/** Progress of one subscription, written behind (a second at most), many at a time. */
export interface Checkpoint {
  readonly id: string;
  readonly epoch: number;
  readonly acked: BoardMark | null;
  readonly cseqCeiling: number;
  readonly versionCeiling: number;
}

/** How a fenced write ended. `stale`: another owner has a higher epoch. `gone`: no such record. */
export type WriteResult = 'ok' | 'stale' | 'gone';

/** Which page of the watched user parts of a realm. */
export interface WatchedAsk {
  /** The page begins with the first user part that is greater; null: with the first of all. */
  readonly after: string | null;
  readonly limit: number;
  /** ms since the epoch: what has expired then is not watched. */
  readonly now: number;
}

export interface WatchedPage {
  /** Sorted by UTF-8 octets. */
  readonly users: readonly string[];
  /** Pass it as `after` for the next page; null at the end. */
  readonly next: string | null;
}

/** The table of subscriptions. Every write is durable when its promise resolves; STORE_AWAY rejects it. */
export interface Subscriptions {
  /** Stores a new record and returns the board of its resource, read in the same step. */
  create(record: SubscriptionRecord): Promise<Board | null>;
  /** The record, also if it has expired but was not removed yet; null for an unknown or malformed id. */
  find(id: string): Promise<SubscriptionRecord | null>;
  /** Replaces the record if the stored epoch is `expectedEpoch`. `record.acked` and ceilings are written as given. */
  update(record: SubscriptionRecord, expectedEpoch: number): Promise<WriteResult>;
  /** Removes the record if the stored epoch is `record.epoch`; also removes every index entry. */
  remove(record: SubscriptionRecord): Promise<WriteResult>;
  /** Writes progress in few round trips; entries that are stale or gone are skipped and reported by id. */
  checkpoint(points: readonly Checkpoint[]): Promise<readonly string[]>;
  /** The live subscriptions of a resource, newest last. */
  watchers(resource: Resource, now: number): Promise<readonly SubscriptionRecord[]>;
  /** How many live subscriptions a resource has. */
  count(resource: Resource, now: number): Promise<number>;
  /** Realms in which a user part is watched right now: to find a status that was set in the wrong realm. */
  realmsWatching(user: string, now: number): Promise<readonly string[]>;
  /** The user parts of a realm that have a live subscription, in pages. */
  watched(realm: string, ask: WatchedAsk): Promise<WatchedPage>;
  /** Differs after a subscription was created in the realm: until then `watched` has no user part more. */
  watchStamp(realm: string): Promise<string>;
  /** All records whose owner is `node`, in no order, read in pages. Dangling hints are repaired on the way. */
  owned(node: string): AsyncIterable<readonly SubscriptionRecord[]>;
}
