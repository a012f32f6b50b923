/** The rates of RFC 6446 §5 to §7 that a subscription has, in NOTIFYs per second. */
export interface NotifyRates {
  /** No faster than this, but for what a SUBSCRIBE asks for and the end (§5.2). */
  readonly max?: number;
  /** No slower than this: the state is told again though it has not changed (§6.2). */
  readonly min?: number;
  /** On average no slower than this (§7.2). */
  readonly adaptiveMin?: number;
}

/** The least rate that is kept on request, in NOTIFYs per second: more would be work without news. */
const FASTEST_REPEAT = 0.2;
/** The average of an adaptive rate is that of so many NOTIFYs. */
const AVERAGED = 10;

/**
 * The rates that a subscription of `seconds` gets when it asks for `wanted`; null when there are none. A maximum that
 * would not allow one NOTIFY in the whole subscription is raised (RFC 6446 §5.3), a minimum is never above the maximum
 * (§8) nor above one in five seconds (§6.3: the notifier may choose a lower one).
 */
export function grantRates(wanted: NotifyRates, seconds: number): NotifyRates | null {
  const max = wanted.max === undefined ? undefined : Math.max(wanted.max, 1 / Math.max(seconds, 1));
  const most = Math.min(FASTEST_REPEAT, max ?? FASTEST_REPEAT);
  const min = wanted.min === undefined ? undefined : Math.min(wanted.min, most);
  const adaptiveMin = wanted.adaptiveMin === undefined ? undefined : Math.min(wanted.adaptiveMin, most);
  if (max === undefined && min === undefined && adaptiveMin === undefined) return null;
  return {
    ...(max === undefined ? {} : { max }),
    ...(min === undefined ? {} : { min }),
    ...(adaptiveMin === undefined ? {} : { adaptiveMin }),
  };
}

/** What Subscription-State says of the rates (RFC 6446 §5.3, §6.3, §7.3), with a leading semicolon; empty for none. */
export function formatRates(rates: NotifyRates | null): string {
  if (rates === null) return '';
  const { max, min, adaptiveMin } = rates;
  return param('max-rate', max) + param('min-rate', min) + param('adaptive-min-rate', adaptiveMin);
}

function param(name: string, rate: number | undefined): string {
  return rate === undefined ? '' : `;${name}=${decimal(rate)}`;
}

/** RFC 6446 §9: digits with a fraction, no exponent, never zero. */
function decimal(rate: number): string {
  return Math.max(rate, 1e-6)
    .toFixed(6)
    .replace(/\.?0+$/, '');
}

/**
 * How long after a NOTIFY the next one is due though nothing changes, in ms; infinite when nobody asked for it.
 * `sent`: when the newest NOTIFYs were sent, in ms, the newest last.
 */
export function repeatDelay(rates: NotifyRates | null, sent: readonly number[], now: number): number {
  if (rates === null) return Number.POSITIVE_INFINITY;
  const fixed = rates.min === undefined ? Number.POSITIVE_INFINITY : 1000 / rates.min;
  return rates.adaptiveMin === undefined
    ? fixed
    : Math.min(fixed, adaptiveDelay(rates.adaptiveMin, sent, now));
}

/** RFC 6446 §7.3: timeout = count / (adaptive-min-rate^2 * period). */
function adaptiveDelay(rate: number, sent: readonly number[], now: number): number {
  const periodMs = (1000 * AVERAGED) / rate;
  const count = sent.filter((at) => at > now - periodMs).length;
  return (1000 * count) / (rate ** 2 * (periodMs / 1000));
}

/** How many times of NOTIFYs `repeatDelay` wants to know at most. */
export const REMEMBERED_NOTIFIES = 4 * AVERAGED;
