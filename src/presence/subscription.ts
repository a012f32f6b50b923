/** What an operator allows of the duration of subscriptions, in seconds. */
export interface ExpiresLimits {
  readonly min: number;
  readonly max: number;
  /** For a SUBSCRIBE without Expires (RFC 4235 §3.4 and RFC 3856 §6.4: 3600). */
  readonly byDefault: number;
}

export type Grant =
  | { readonly kind: 'granted'; readonly seconds: number }
  /** RFC 6665 §4.2.1.1: 423 with Min-Expires. */
  | { readonly kind: 'too-brief'; readonly min: number };

/**
 * The duration that a SUBSCRIBE gets, never longer than it asked for. Zero ends or fetches. RFC 6665 §4.2.1.1: an
 * interval is too brief only if it is above zero, below an hour and below the minimum.
 */
export function grantExpires(requested: number | null, limits: ExpiresLimits): Grant {
  const wanted = requested ?? limits.byDefault;
  if (wanted > 0 && wanted < 3600 && wanted < limits.min) return { kind: 'too-brief', min: limits.min };
  return { kind: 'granted', seconds: Math.min(wanted, limits.max) };
}

/** How far the durations of subscriptions are drawn apart. */
export interface ExpiresSpread {
  /** The largest part of a duration that is taken off, 0 to below 1; 0: none. */
  readonly jitter: number;
  /** Seconds that a duration is not brought below. */
  readonly min: number;
  /** A number from 0 to below 1, another each time. */
  random(): number;
}

/**
 * The seconds of `granted` less a random part, so that phones that have all subscribed at once do not all refresh at
 * once. Zero, and what is no longer than the minimum, stays as it is; never longer (RFC 6665 §4.2.1.1).
 */
export function spreadExpires(granted: number, { jitter, min, random }: ExpiresSpread): number {
  if (granted <= min) return granted;
  return Math.max(min, granted - Math.round(granted * jitter * random()));
}

/** Why a subscription ends (RFC 6665 §4.1.3). */
export type EndReason = 'timeout' | 'noresource' | 'deactivated' | 'rejected';

/** The value of Subscription-State for a subscription that goes on; `expiresAt` and `now` in ms. */
export function activeState(expiresAt: number, now: number): string {
  return `active;expires=${Math.max(0, Math.ceil((expiresAt - now) / 1000))}`;
}

/** The value of Subscription-State in the last NOTIFY: no `expires` there (RFC 6665 §4.2.2). */
export function terminatedState(reason: EndReason): string {
  return `terminated;reason=${reason}`;
}

/** What a failed or answered NOTIFY means for its subscription. */
export type Verdict = 'accepted' | 'failed' | 'lost';

// RFC 6665 §4.2.2: each of these removes the subscription.
const ENDING = new Set([404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604]);

/** Timeouts in a row after which a phone on UDP is given up: one lost NOTIFY must not end a subscription. */
const MOST_TIMEOUTS = 3;

/** Judges a final response to a NOTIFY. */
export function judgeStatus(status: number): Verdict {
  if (status >= 200 && status < 300) return 'accepted';
  return ENDING.has(status) ? 'lost' : 'failed';
}

/** Judges the `count`th timeout in a row (Timer F; RFC 6665 §4.2.2 SHOULD remove). */
export function judgeTimeout(count: number): Verdict {
  return count >= MOST_TIMEOUTS ? 'lost' : 'failed';
}
