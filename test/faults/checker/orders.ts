/** How much there is to check. */
export interface Sizes {
  readonly subscriptions: number;
  /** Phones that watch the same presence ID. */
  readonly watchers: number;
  /** Changes per second through the API. */
  readonly changes: number;
  /** Refreshes per second, of all phones together. */
  readonly refreshes: number;
}

/** Where the node is, for phones and for those who change states. */
export interface Places {
  readonly sipPort: number;
  readonly httpPort: number;
}

/** What the network between phones and node does to each datagram, in both directions. */
export interface Weather {
  /** The part that is lost, 0 to 1; 1: the network is cut. */
  readonly loss: number;
  /** Each datagram is late by a random time of at most so many ms: they overtake each other. */
  readonly delayMs: number;
}

/** What the checker is told, one order after the other. */
export type Order =
  | { readonly kind: 'open'; readonly places: Places; readonly sizes: Sizes }
  | { readonly kind: 'subscribe' }
  | { readonly kind: 'load'; readonly on: boolean }
  /** Half of the lamps are changed no more, so that each must keep what it was told last; bounds do not count. */
  | { readonly kind: 'fault begins' }
  /** Phones, node and store can reach each other again: the clock of every bound starts. */
  | { readonly kind: 'fault ends' }
  | { readonly kind: 'weather'; readonly weather: Weather }
  /** The address of the node belongs to another one from now on, at this port: a virtual IP that moves. */
  | { readonly kind: 'move'; readonly sipPort: number }
  /** Nothing: what was seen is in the answer. */
  | { readonly kind: 'look' }
  /** Ends the load, and waits until every lamp is right, or one is too late. */
  | { readonly kind: 'settle' }
  | { readonly kind: 'refresh all' };

/** What the checker has seen since the last report. */
export interface Report {
  /** What must not be, the first ones in words. */
  readonly violations: readonly string[];
  /** How many there were. */
  readonly count: number;
  /** From the start of the clock until the last lamp was right, in ms. */
  readonly lateMs: number;
  readonly changes: number;
  readonly refused: number;
  readonly notifies: number;
  readonly copies: number;
  readonly refreshes: number;
}

/** The answer to each order. */
export type Reply = { readonly report: Report } | { readonly error: string };
