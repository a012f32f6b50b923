import type { ByteString } from './message.ts';

/** The largest delta-seconds (RFC 3261 §20.19); more means as much. */
const LARGEST_SECONDS = 2 ** 32 - 1;

/** The seconds of a Retry-After (RFC 3261 §20.33), without its comment and parameters; null when there are none. */
export function parseRetryAfter(value: ByteString): number | null {
  const seconds = /^\s*(\d+)/.exec(value)?.[1];
  return seconds === undefined ? null : Math.min(Number(seconds), LARGEST_SECONDS);
}
