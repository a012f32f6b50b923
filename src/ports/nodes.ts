/** One process under the name that it owns subscriptions under. */
export interface NodeSelf {
  readonly node: string;
  /** Differs for each process; without spaces. */
  readonly instance: string;
}

/** What a heartbeat finds out. */
export interface BeatAnswer {
  /** False: another process has the name, and nothing was written. */
  readonly ok: boolean;
  /** True: the store does not know the sign that this process gave last. It has lost data, of whatever kind. */
  readonly lost: boolean;
  /** True while another node takes over what this one owns. */
  readonly claimed: boolean;
  /** The newest sign of every node that is not forgotten, this one too: it differs after each heartbeat. */
  readonly signs: ReadonlyMap<string, string>;
}

/** The right to take over what a lost node owns. */
export interface NodeClaim {
  readonly node: string;
  /** The sign by which the node was taken for lost. */
  readonly sign: string;
  /** The instance that takes over. */
  readonly by: string;
}

/**
 * Who lives. No clock of the store or of another node counts: a node is lost when its sign has not changed for a time
 * that whoever looks has measured by itself. Each method is one atomic step; STORE_AWAY rejects.
 */
export interface Nodes {
  /**
   * Gives a sign of life. Refused while the name belongs to another instance, unless its sign is still `instead`: who
   * gave that is known to be dead.
   */
  beat(self: NodeSelf, instead: string | null): Promise<BeatAnswer>;
  /** Says that nobody lives under the name any more: its sign is `LEFT`. Nothing if another instance has the name. */
  leave(self: NodeSelf): Promise<void>;
  /** Claims a lost node for `ms`, or longer; false if it has given another sign, or another instance has the claim. */
  claim(claim: NodeClaim, ms: number): Promise<boolean>;
  /** Ends a claim; `forget`: nothing is left of the node, so that its sign goes too, if it is still that one. */
  release(claim: NodeClaim, forget: boolean): Promise<void>;
}

/** The sign of a node that has stopped by itself and handed over what it owned. */
export const LEFT = '-';

/** The instance behind a sign; '' behind `LEFT`. */
export function instanceOf(sign: string): string {
  return sign === LEFT ? '' : (sign.split(' ')[0] ?? '');
}
