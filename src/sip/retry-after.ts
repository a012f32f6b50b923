import type { ByteString } from './message.ts';

/** The largest delta-seconds (RFC 3261 §20.19); more means as much. */
const LARGEST_SECONDS = 2 ** 32 - 1;

/** The seconds of a Retry-After (RFC 3261 §20.33), without its comment and parameters; null when there are none. */
export function parseRetryAfter(value: ByteString): number | null {
  const seconds = /^\s*(\d+)/.exec(value)?.[1];
  return seconds === undefined ? null : Math.min(Number(seconds), LARGEST_SECONDS);
}

/** Why a client is to come back later. */
export type ComeBack =
  /** This server ends; another one, or the next, is there soon. */
  | 'ending'
  /** One source sends too much: its bucket has room again by then. */
  | 'rate'
  /** The store is away. */
  | 'away'
  | 'busy'
  | 'full';

/** The seconds within which those that are turned away come back, not all at once. */
const SPANS: Readonly<Record<ComeBack, { readonly least: number; readonly spread: number }>> = {
  ending: { least: 2, spread: 8 },
  rate: { least: 5, spread: 5 },
  away: { least: 5, spread: 20 },
  busy: { least: 5, spread: 25 },
  full: { least: 15, spread: 60 },
};

/** A Retry-After (RFC 3261 §20.33, §21.5.4) as name and value, spread at random. `random`: from 0 to below 1. */
export function retryAfter(why: ComeBack, random: () => number): readonly [ByteString, ByteString] {
  const { least, spread } = SPANS[why];
  return ['retry-after', String(least + Math.floor(random() * spread))];
}
