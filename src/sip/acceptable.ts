import type { MediaRange } from './media-type.ts';

/**
 * The one of `offered` (lower case media types, the best first) that the other side likes most; null when it
 * accepts none of them (406). `accept` null: there was no Accept, so the first one, the default, is taken. The
 * most specific range that matches a type decides on it.
 */
export function acceptable(accept: readonly MediaRange[] | null, offered: readonly string[]): string | null {
  if (accept === null) return offered[0] ?? null;
  let best: string | null = null;
  let bestQuality = 0;
  for (const type of offered) {
    const quality = qualityFor(accept, type);
    if (quality <= bestQuality) continue;
    best = type;
    bestQuality = quality;
  }
  return best;
}

function qualityFor(accept: readonly MediaRange[], type: string): number {
  const group = `${type.slice(0, type.indexOf('/'))}/*`;
  const range = rangeOf(accept, type) ?? rangeOf(accept, group) ?? rangeOf(accept, '*/*');
  return range?.quality ?? 0;
}

function rangeOf(accept: readonly MediaRange[], type: string): MediaRange | undefined {
  return accept.find((range) => range.type === type);
}
