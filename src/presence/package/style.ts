import type { LampOrder } from '../lamp.ts';
import type { Profile } from '../profile.ts';

/**
 * How much of a board a watcher may see (RFC 4235 §3.6, RFC 3856 §6.6): all, the lamp but not who talks to whom, or
 * nothing (polite blocking, RFC 6665 §6.2: an idle lamp whatever happens).
 */
export type View = 'all' | 'lamp' | 'nothing';

/** What makes the documents of one watcher differ from those of another; equal watchers share one. */
export interface DocumentStyle {
  readonly package: string;
  /** The body type that was agreed on. */
  readonly contentType: string;
  readonly order: LampOrder;
  readonly profile: Profile;
  readonly view: View;
}
