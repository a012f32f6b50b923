/** How much of what phones ask for is put off: nothing, new subscriptions, all that can wait. */
export type LoadLevel = 'calm' | 'busy' | 'full';

/** Where load becomes too much. */
export interface LoadLimits {
  /** ms by which the event loop is late. */
  readonly lagMs: number;
  /** Requests that wait or are being served, and messages that wait for the stack of an edge. */
  readonly requests: number;
}

/** How much there is to do. */
export interface Load extends LoadLimits {
  /** Phones that wait for their turn to be told of a change: lamps that are late. */
  readonly untold: number;
}

/**
 * So many phones that are not told yet weigh as much as one request. A board with 10,000 watchers is half of the usual limit
 * then and over within half a second; twice as many are a second in which new SUBSCRIBEs would make lamps later.
 */
const UNTOLD = 10;

/** The level, and since when (ms) the load would do for the one below; null while it would not. */
export interface Overload {
  readonly level: LoadLevel;
  readonly relievedAt: number | null;
}

/** Where it begins. */
export const CALM: Overload = { level: 'calm', relievedAt: null };

/** What of the limits each level begins at. */
const ENTRY: Readonly<Record<LoadLevel, number>> = { calm: 0, busy: 1, full: 4 };
const RANK: Readonly<Record<LoadLevel, number>> = { calm: 0, busy: 1, full: 2 };
const BELOW: Readonly<Record<LoadLevel, LoadLevel>> = { calm: 'calm', busy: 'calm', full: 'busy' };

/** A level is left once the load was below this part of its entry for so long, in ms. */
const RELIEF = 0.5;
const RELIEF_MS = 1_000;

/** Above this nothing more is taken in at all: it would only fill the memory. */
const CHOKED = 16;

/** The load as a multiple of what is allowed: 1 is too much. */
export function strainOf(load: Load, limits: LoadLimits): number {
  // They take turns, so that the loop is not late of them, and fill no memory: that is no reason to take in nothing at all.
  const untold = Math.min(load.untold / (UNTOLD * limits.requests), ENTRY.full);
  return Math.max(load.lagMs / limits.lagMs, load.requests / limits.requests, untold);
}

/** The next state. It rises at once, and falls level by level after a while of relief. `now`: ms that never go back. */
export function overloadStep(state: Overload, strain: number, now: number): Overload {
  const { level, relievedAt } = state;
  const risen = levelOf(strain);
  if (RANK[risen] > RANK[level]) return { level: risen, relievedAt: null };
  if (level === 'calm') return state;
  if (strain >= RELIEF * ENTRY[level]) return relievedAt === null ? state : { level, relievedAt: null };
  if (relievedAt === null) return { level, relievedAt: now };
  return now - relievedAt < RELIEF_MS ? state : { level: BELOW[level], relievedAt: null };
}

function levelOf(strain: number): LoadLevel {
  if (strain >= ENTRY.full) return 'full';
  return strain >= ENTRY.busy ? 'busy' : 'calm';
}

/** What can be put off: a new subscription or fetch, a refresh, the first PUBLISH of a state. */
export type Deferrable = 'subscribe' | 'refresh' | 'publish';

/**
 * Whether a request is put off. `leftMs`: what a refresh has left of its subscription; null when that is not known.
 * RFC 6665 §4.1.2.2: a 503 ends no subscription, so a refresh can wait as long as it has time to come again.
 */
export function putsOff(
  level: LoadLevel,
  strain: number,
  { kind, leftMs }: { readonly kind: Deferrable; readonly leftMs: number | null },
): boolean {
  if (strain >= CHOKED) return true;
  if (kind === 'subscribe') return level !== 'calm';
  if (kind === 'publish') return level === 'full';
  return level === 'full' && leftMs !== null && leftMs > REFRESH_LEFT_MS;
}

/** Time for two more tries at the longest Retry-After there is. */
const REFRESH_LEFT_MS = 200_000;
