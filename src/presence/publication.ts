import type { Leg, LegState } from './leg.ts';

/** The event packages for which event state can be published. */
export const PUBLISHED_PACKAGES = ['dialog', 'presence'] as const;
export type PublishedPackage = (typeof PUBLISHED_PACKAGES)[number];

/** Event state that a phone has published (RFC 3903) and keeps alive. */
export interface Publication {
  /** The entity-tag: a new one at each PUBLISH, never used twice (RFC 3903 §6). */
  readonly etag: string;
  readonly package: PublishedPackage;
  /** ms since the epoch. */
  readonly expiresAt: number;
  /** The dialogs of a published dialog-info document that go on; none for presence. They run out together with it. */
  readonly legs: readonly Leg[];
  /** What a published presence document says; null for dialogs. */
  readonly presence: PublishedPresence | null;
  /** The dialog that lamps show while the presence document says busy; null while it does not. */
  readonly busyId: string | null;
}

/** A published presence document (RFC 3863, RFC 4480), as far as it concerns lamps. */
export interface PublishedPresence {
  readonly basic: 'open' | 'closed';
  /** Names of RPID activities, such as `on-the-phone`. */
  readonly activities: readonly string[];
  readonly note?: string;
}

/** One dialog of a published document (RFC 4235 §4.1). */
export interface PublishedDialog extends Omit<Leg, 'state' | 'source' | 'seq' | 'expiresAt'> {
  readonly state: LegState;
}

/** What the body of a PUBLISH says. */
export type PublishedState =
  | {
      readonly package: 'dialog';
      readonly dialogs: readonly PublishedDialog[];
      /** RFC 4235 §4.1: only the dialogs that changed since the document before. */
      readonly partial: boolean;
    }
  | { readonly package: 'presence'; readonly presence: PublishedPresence };

/** Activities that people mean to see on a lamp: on a call, or not to be disturbed. The last two are not of RFC 4480. */
const BUSY_ACTIVITIES = new Set(['on-the-phone', 'busy', 'dnd', 'do-not-disturb']);

/** True when a presence document says what a busy lamp says. */
export function saysBusy({ activities }: PublishedPresence): boolean {
  return activities.some((activity) => BUSY_ACTIVITIES.has(activity));
}

/** What several publications say together: open if one is, the activities of all, the newest note; null for none. */
export function combinePresence(publications: readonly Publication[]): PublishedPresence | null {
  const all = publications.flatMap(({ presence }) => presence ?? []);
  if (all.length === 0) return null;
  const note = all.findLast((presence) => presence.note !== undefined)?.note;
  return {
    basic: all.some(({ basic }) => basic === 'open') ? 'open' : 'closed',
    activities: [...new Set(all.flatMap(({ activities }) => activities))],
    ...(note === undefined ? {} : { note }),
  };
}
