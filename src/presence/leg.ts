/** States of an RFC 4235 §3.7.1 dialog, in the order in which a call passes through them. */
export const LEG_STATES = ['trying', 'proceeding', 'early', 'confirmed', 'terminated'] as const;
export type LegState = (typeof LEG_STATES)[number];

/** Who sent the INVITE, seen from the watched phone (RFC 4235 §4.1.1). */
export type Direction = 'initiator' | 'recipient';

/** One side of a call (RFC 4235 §4.1.6): identity is a SIP URI, target the URI to reach that side at. */
export interface Party {
  readonly identity: string;
  readonly display?: string;
  readonly target?: string;
  /** The party asked not to be shown (RFC 3323): phones see an anonymous one. */
  readonly restricted?: boolean;
}

/** One call leg of the watched phone. */
export interface Leg {
  /** Unique among the legs of its board; the dialog id on the wire unless `dialogId` is. */
  readonly id: string;
  /** A dialog id of its own, where `id` was used in a later state before: some phones refuse to go back in one id. */
  readonly dialogId?: string;
  readonly state: Exclude<LegState, 'terminated'>;
  readonly direction?: Direction;
  readonly callId?: string;
  readonly localTag?: string;
  readonly remoteTag?: string;
  readonly local?: Party;
  readonly remote?: Party;
  /** True while the call is on hold (RFC 4235 §5.2, sip.rendering). */
  readonly held?: boolean;
  /** Whose leg it is: the legs of one source can be dropped together. */
  readonly source?: string;
  /** The number of the last event of this leg; an event with a lower one is late and ignored. */
  readonly seq?: number;
  /** When the leg is given up if nothing more is heard, in ms since the epoch. */
  readonly expiresAt: number;
}

/** A leg that ended, remembered for a while so that a late event cannot bring it back. */
export interface EndedLeg {
  readonly id: string;
  readonly callId?: string;
  readonly localTag?: string;
  readonly remoteTag?: string;
  readonly seq?: number;
  /** Nobody said that it ended: its publication ran out, or was withdrawn. */
  readonly lapsed?: true;
  /** Until when it is remembered, in ms since the epoch. */
  readonly until: number;
}
