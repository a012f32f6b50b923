/**
 * What one phone family needs to be different, as data. Every field says what the documents and NOTIFYs for such a
 * phone look like; what is not here is the same for all.
 */
export interface Profile {
  /** Unique among the profiles: also part of the key under which documents are shared. */
  readonly name: string;
  /** `single`: only the most telling dialog, for phones that crash on several or show the last one. */
  readonly dialogs: 'single' | 'all';
  /** What an idle lamp is told with: one terminated dialog, or a document without any. */
  readonly idle: 'dummy' | 'empty';
  /** How a call on hold is told (RFC 4235 §5.2): the state of its dialog, and name and attribute of the parameter. */
  readonly hold: {
    readonly state: 'confirmed' | 'early';
    readonly param: 'sip.rendering' | '+sip.rendering';
    readonly attribute: 'pval' | 'pvalue';
  };
  /** Whether identities carry names for people (RFC 4235 §4.1.6.1, `display`). */
  readonly displays: boolean;
  /**
   * The URI that the phone is to call for picking up a ringing call: the target of the other side in an early leg,
   * with `{user}` and `{host}` of the URI that is watched. Null: the target of the other side itself (RFC 4235 §4.1.6).
   */
  readonly pickup: string | null;
  /** What is written for a phone that has agreed on PIDF: PIDF, or XPIDF for one that only claims to know PIDF. */
  readonly presence: 'pidf' | 'xpidf';
  /** How a list is told (RFC 4662), or as BroadWorks does: entities without scheme, two identities. */
  readonly lists: 'rfc4662' | 'broadworks';
  /** False for a phone that subscribes anew whenever it hears of the end of its subscription. */
  readonly lastNotify: boolean;
  /** The most NOTIFYs per second that the phone takes, over all its subscriptions; null: no such limit is known. */
  readonly phoneRate: number | null;
}

/** What suits every phone that is not known to need something else. */
export const DEFAULT_PROFILE: Profile = {
  name: 'default',
  dialogs: 'single',
  idle: 'dummy',
  hold: { state: 'confirmed', param: 'sip.rendering', attribute: 'pval' },
  displays: true,
  pickup: null,
  presence: 'pidf',
  lists: 'rfc4662',
  lastNotify: true,
  phoneRate: null,
};
