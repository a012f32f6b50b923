/** What the phones are told to do, in the order in which it is asked. */
export type Phase =
  /** Sets each presence ID once, before anybody watches. */
  | { readonly kind: 'prepare' }
  /** All subscriptions of the workload at once, `window` under way at any moment; each ends with its NOTIFY. */
  | { readonly kind: 'subscribe' | 'refresh' | 'unsubscribe'; readonly window: number }
  /** As many changes as the server manages, `window` under way at any moment. */
  | { readonly kind: 'closed'; readonly window: number; readonly seconds: number }
  /** Changes at a fixed rate, whether the server keeps up or not. */
  | { readonly kind: 'paced'; readonly notifiesPerSecond: number; readonly seconds: number };

/** How many subscriptions there are: `ids` presence IDs with `watchers` phones each. */
export interface Workload {
  readonly ids: number;
  readonly watchers: number;
}

/** How the phones reach the server, and how states are changed there. */
export interface Target {
  readonly sipPort: number;
  /** The port of the HTTP API; null: states are changed by PUBLISH (RFC 3903). */
  readonly httpPort: number | null;
  /** Whose CPU is measured: the roots of process trees, by name. */
  readonly processes: Readonly<Record<string, number>>;
}

/** What a phase has measured. */
export interface Measured {
  readonly seconds: number;
  /** NOTIFYs that told a change, or SUBSCRIBEs that were done. */
  readonly operations: number;
  /** CPU in microseconds for each operation, by name of the process. */
  readonly cpu: Readonly<Record<string, number>>;
  /** From the change being asked for to its NOTIFY being read, in ms. */
  readonly p50: number;
  readonly p99: number;
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
