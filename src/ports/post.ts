/** What one node says to another of a subscription. */
export interface NodeWord {
  /** `taken`: the one who says it owns the subscription since that epoch; `freed`: the other one tells its phone nothing any more. */
  readonly kind: 'taken' | 'freed';
  readonly id: string;
  readonly epoch: number;
  /** Who says it. */
  readonly from: string;
}

/** Words from node to node. Each may get lost: whoever needs an answer says it again. */
export interface Post {
  /** From when the promise resolves, `hear` is given what others say to this node; also when the store is away, and from when it is back. */
  open(node: string, hear: (word: NodeWord) => void): Promise<void>;
  /** Says something to a node; false: nobody is known to have heard it, which on a Cluster is no proof. Never rejects. */
  say(node: string, word: NodeWord): Promise<boolean>;
}
