/** A list of presence IDs that a phone watches with one subscription (RFC 4662). */
export interface ResourceList {
  readonly realm: string;
  /** The user part of its URI, in canonical form; unique in the realm. */
  readonly id: string;
  /** For people; phones are told it too (RFC 4662 §5.2). */
  readonly name: string;
  readonly members: readonly ListMember[];
  /** Grows by one at each change; 0: it stands in the configuration. */
  readonly rev: number;
}

/** One that a list is about. */
export interface ListMember {
  /** A presence ID: `user`, in the realm of the list, or `user@realm`. */
  readonly id: string;
  /** What phones show beside the lamp (RFC 4662 §5.3). */
  readonly name?: string;
}
