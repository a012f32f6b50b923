import type { Leg } from './leg.ts';

/** Event state that a phone has published (RFC 3903) and keeps alive. */
export interface Publication {
  /** The entity-tag: a new one at each PUBLISH, never used twice (RFC 3903 §6). */
  readonly etag: string;
  readonly package: 'dialog' | 'presence';
  /** ms since the epoch. */
  readonly expiresAt: number;
  /** The dialogs of a published dialog-info document; none for presence. */
  readonly legs: readonly Leg[];
  /** What a published presence document says; null for dialogs. */
  readonly presence: PublishedPresence | null;
}

/** A published presence document (RFC 3863, RFC 4480), as far as it concerns lamps. */
export interface PublishedPresence {
  readonly basic: 'open' | 'closed';
  /** Names of RPID activities, such as `on-the-phone`. */
  readonly activities: readonly string[];
  readonly note?: string;
}
