/**
 * When a subscription's next NOTIFY goes out: one in flight, the newest state wins, no faster than agreed
 * (RFC 4235 §3.10: one a second), and the last one at the end. A table of (state, input) -> (state, action).
 */
export type PacingState =
  /** Nothing to tell. */
  | 'quiet'
  /** Something to tell, but not yet: too soon, or the last try failed. */
  | 'waiting'
  /** A NOTIFY is in flight. */
  | 'sending'
  /** ... and the board has changed since. */
  | 'outdated'
  /** ... and a SUBSCRIBE asked for the next one at once. */
  | 'demanded'
  /** ... and the subscription ends after it. */
  | 'ending'
  /** The last NOTIFY is in flight. */
  | 'closing'
  | 'closed';

export type PacingInput =
  /** The board differs from what was sent last. */
  | 'changed'
  /** A SUBSCRIBE was accepted: RFC 6665 §4.2.1.2 wants a NOTIFY immediately, whatever the rate. */
  | 'demand'
  /** The wait is over. */
  | 'due'
  /** The NOTIFY in flight was answered with 2xx. */
  | 'accepted'
  /** It was not, and the subscription stays: it is tried again. */
  | 'failed'
  /** It was not, and the subscription is over (RFC 6665 §4.2.2). */
  | 'lost'
  /** The subscription ends: expired or ended by its phone. */
  | 'end'
  /** It was another node's, which may have a NOTIFY in flight: nothing goes out before `accepted` says that this has ended. */
  | 'taken';

export type PacingAction =
  | 'none'
  /** Wait as long as the rate asks for (perhaps not at all), then `due`. */
  | 'wait-rate'
  /** Wait as long as a failure asks for, then `due`. */
  | 'wait-retry'
  | 'send'
  | 'send-last'
  /** The subscription is gone; whether the phone was told depends on how. */
  | 'forget';

export interface PacingStep {
  readonly state: PacingState;
  readonly action: PacingAction;
}

const step = (state: PacingState, action: PacingAction = 'none'): PacingStep => ({ state, action });

const TABLE: Readonly<Record<PacingState, Readonly<Partial<Record<PacingInput, PacingStep>>>>> = {
  quiet: {
    changed: step('waiting', 'wait-rate'),
    demand: step('sending', 'send'),
    end: step('closing', 'send-last'),
    lost: step('closed', 'forget'),
    taken: step('sending'),
  },
  waiting: {
    due: step('sending', 'send'),
    demand: step('sending', 'send'),
    end: step('closing', 'send-last'),
    lost: step('closed', 'forget'),
    taken: step('outdated'),
  },
  sending: {
    changed: step('outdated'),
    demand: step('demanded'),
    accepted: step('quiet'),
    failed: step('waiting', 'wait-retry'),
    lost: step('closed', 'forget'),
    end: step('ending'),
  },
  outdated: {
    demand: step('demanded'),
    accepted: step('waiting', 'wait-rate'),
    failed: step('waiting', 'wait-retry'),
    lost: step('closed', 'forget'),
    end: step('ending'),
  },
  demanded: {
    accepted: step('sending', 'send'),
    failed: step('sending', 'send'),
    lost: step('closed', 'forget'),
    end: step('ending'),
  },
  ending: {
    accepted: step('closing', 'send-last'),
    failed: step('closing', 'send-last'),
    lost: step('closed', 'forget'),
  },
  closing: {
    accepted: step('closed', 'forget'),
    failed: step('closed', 'forget'),
    lost: step('closed', 'forget'),
  },
  closed: {},
};

/** The next step. An input that means nothing in a state leaves it as it is. Allocates nothing for known pairs. */
export function pace(state: PacingState, input: PacingInput): PacingStep {
  return TABLE[state][input] ?? STAY[state];
}

const STAY = Object.fromEntries(
  Object.keys(TABLE).map((state) => [state, step(state as PacingState)]),
) as Readonly<Record<PacingState, PacingStep>>;

/** How fast one subscription may be told: `burst` at once, then `perSecond`. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * How long the next NOTIFY must wait, in ms, 0 for not at all. `arrival` is the subscription's one number of
 * memory (the theoretical arrival time of the generic cell rate algorithm), 0 at first.
 */
export function rateDelay(arrival: number, now: number, rate: Rate): number {
  const interval = 1000 / rate.perSecond;
  return Math.max(0, arrival - (rate.burst - 1) * interval - now);
}

/** The new `arrival` after a NOTIFY was sent at `now`. */
export function rateArrival(arrival: number, now: number, rate: Rate): number {
  return Math.max(arrival, now) + 1000 / rate.perSecond;
}

/** Waits after the first, second and each further failure in a row, in ms. */
const RETRY_MS = [2_000, 10_000, 30_000] as const;

/** How long to wait after a failure, in ms: what the phone asked for, else longer with each failure in a row. */
export function retryDelay(failures: number, retryAfterSeconds: number | null): number {
  if (retryAfterSeconds !== null) return Math.min(retryAfterSeconds, 3600) * 1000;
  return RETRY_MS[Math.min(Math.max(failures, 1), RETRY_MS.length) - 1] ?? 30_000;
}
