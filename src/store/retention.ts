/** How long things stay in a store after their use, in ms, and how many. The stores count it by their own clock. */

/** A board without content: so that the rev goes on when its lamp is used again the same day. */
export const BLANK_BOARD_MS = 24 * 3_600_000;

/** A subscription that has expired but that nobody removed: its node is gone for good. */
export const EXPIRED_RECORD_MS = 3_600_000;

/** Records of runs of a callflow that is gone, since the last of them. */
export const ORPHAN_RUNS_MS = 7 * 24 * 3_600_000;

/** Records of runs that stay of each callflow: the newest. */
export const KEPT_RUNS = 100;

/** ms from now until a subscription that expires at `expiresAt` (ms since the epoch) is forgotten. */
export function lifetimeOf(expiresAt: number): number {
  return Math.max(expiresAt - Date.now(), 0) + EXPIRED_RECORD_MS;
}
