import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import type { Board } from '../presence/board.ts';
import type { LampStatus } from '../presence/lamp.ts';
import type { Leg } from '../presence/leg.ts';
import type { LegEvent } from '../presence/leg-event.ts';
import type { MailSummary } from '../presence/mail-summary.ts';
import type { ManualChange } from '../presence/manual.ts';
import type { Resource } from '../presence/resource.ts';

import type { PageAsk, SeenId, SeenPage } from './seen-ids.ts';

export type { LegEvent, ManualChange, SeenId };

/** A manual status to set; `toggle` flips it between idle and busy. */
export type ManualSetting = Omit<ManualChange, 'status'> & {
  /** What sets it, for people; absent: `api`. */
  readonly by?: string;
  readonly status: ManualChange['status'] | 'toggle';
};

export interface PublishResult {
  /** Null when there is no board (idle was set where nothing had been set). */
  readonly board: Board | null;
  readonly changed: boolean;
  /** Live subscriptions of this resource on all nodes. */
  readonly watchers: number;
  /** Other realms in which this user part is watched, when nobody watches it in this one. */
  readonly watchedInstead: readonly string[];
}

/** A resource with what is on its board now, as the API shows it. */
export interface BoardView {
  readonly resource: Resource;
  readonly board: Board | null;
  readonly lamp: LampView;
}

/** The composed lamp, for people. */
export interface LampView {
  readonly status: LampStatus;
  readonly note?: string;
  readonly leg?: Leg;
}

/** What works. */
export interface Health {
  readonly store: boolean;
  readonly edge: boolean;
  /** How many of the servers that the edge works through are connected; absent when it needs none. */
  readonly servers?: { readonly connected: number; readonly of: number };
}

/** What the HTTP side may ask of the application. Rejects with STORE_AWAY and STORE_CONTENDED. */
export interface PresenceService {
  setManual(resource: Resource, change: ManualSetting): Promise<PublishResult>;
  putLeg(resource: Resource, event: LegEvent): Promise<PublishResult>;
  endLeg(resource: Resource, legId: string): Promise<PublishResult>;
  /** Ends every leg of `source` on one resource. */
  dropLegs(resource: Resource, source: string): Promise<PublishResult>;
  /** Ends every leg of `source` in a realm; gives how many boards changed. */
  dropRealmLegs(realm: string, source: string): Promise<number>;
  /** Says what waits in the mailbox of a resource (RFC 3842); null forgets it. */
  setMail(resource: Resource, mail: MailSummary | null): Promise<PublishResult>;
  /** Takes away what phones have published of a resource: all of it, or the publication with this entity-tag. */
  dropPublications(resource: Resource, etag: string | null): Promise<PublishResult>;
  view(resource: Resource): Promise<BoardView>;
  /** The presence IDs of a realm that are not idle or that are watched, in pages. */
  list(realm: string, ask: PageAsk): Promise<SeenPage>;
  lampOf(board: Board | null): LampView;
  watchers(resource: Resource): Promise<readonly SubscriptionRecord[]>;
  /**
   * Calls `listener` with each changed board of the realm, from any node, and within seconds with each ID that comes to
   * be watched, until the function given back is called.
   */
  live(realm: string, listener: (id: SeenId) => void): Promise<() => void>;
  health(): Health;
  /** The realm that a name in a URL means (its aliases folded), or null if there is no such realm. */
  realmNamed(name: string): string | null;
}
