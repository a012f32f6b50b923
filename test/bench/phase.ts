/** What the phones are told to do, in the order in which it is asked. */
export type Phase =
  /** Sets each presence ID once, before anybody watches. */
  | { readonly kind: 'prepare' }
  /** All subscriptions of the workload at once, `window` under way at any moment; each ends with its NOTIFY. */
  | { readonly kind: 'subscribe' | 'refresh' | 'unsubscribe'; readonly window: number }
  /** As many changes as the server manages, `window` under way at any moment. */
  | { readonly kind: 'closed'; readonly window: number; readonly seconds: number }
  /** Changes at a fixed rate, whether the server keeps up or not. */
  | { readonly kind: 'paced'; readonly notifiesPerSecond: number; readonly seconds: number }
  /** One change to the whole crowd, so many times, and small changes beside it all the while. */
  | { readonly kind: 'crowd'; readonly times: number };

/** How many subscriptions there are: `ids` presence IDs with `watchers` phones each. */
export interface Workload {
  readonly ids: number;
  /** None: a change is done when it is accepted. */
  readonly watchers: number;
  /** Phones that watch the first presence ID, beside its `watchers`. */
  readonly crowd?: number;
}

/** How the phones reach the server, and how states are changed there. */
export interface Target {
  readonly sipPort: number;
  /** The port of the HTTP API; null: states are changed by PUBLISH (RFC 3903). */
  readonly httpPort: number | null;
  /** Whose CPU is measured: the roots of process trees, by name. */
  readonly processes: Readonly<Record<string, number>>;
}

/** Where durations of one kind lie, in ms. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/**
 * What is timed, always from the moment when it is asked for, so that the work until the API has accepted it is inside:
 * until the first and the last NOTIFY of a change are read, the first of a change that was asked for while the crowd was
 * being told, and until a SUBSCRIBE has its answer and its NOTIFY.
 */
export type Timed = 'first' | 'last' | 'beside' | 'subscribe';

/** What a phase has measured. */
export interface Measured {
  readonly seconds: number;
  /** NOTIFYs that told a change, SUBSCRIBEs that were done, or changes that nobody watches. */
  readonly operations: number;
  /** CPU in microseconds for each operation, by name of the process. */
  readonly cpu: Readonly<Record<string, number>>;
  /** The part of the window in which the busiest thread of a process ran (0 to 1), by name of the process. */
  readonly busiest: Readonly<Record<string, number>>;
  readonly ms: Readonly<Record<Timed, Spread>>;
  /** NOTIFYs or answers that came twice: something was lost or late. */
  readonly repeated: number;
  /** Changes or SUBSCRIBEs that were refused or not done in time. */
  readonly lost: number;
  /** Octets of one NOTIFY on average. */
  readonly notifyOctets: number;
  /** The part of its core that the phones used: near 1 it is they who limit the rate. */
  readonly phonesBusy: number;
  /** The part of this machine's time that its host or other processes took (0 to 1): noise in every figure. */
  readonly disturbed: number;
}

/** Messages to the process of the phones. */
export type Order =
  | { readonly kind: 'target'; readonly target: Target }
  | { readonly kind: 'workload'; readonly workload: Workload }
  | { readonly kind: 'phase'; readonly phase: Phase };

/** Its answer to each. */
export type Reply = { readonly measured: Measured | null } | { readonly error: string };
