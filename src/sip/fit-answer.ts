import type { ByteString } from './message.ts';

/**
 * Header fields that an answer can do without, so that it is not longer than its request: `fits` is asked for each
 * try, from all of them down to the last challenge alone (the one that every phone knows). Null when nothing fits.
 */
export function fitAnswer(
  headers: readonly ByteString[],
  fits: (headers: readonly ByteString[]) => boolean,
): readonly ByteString[] | null {
  const challenges = pairsOf(headers).filter(([name]) => name === 'www-authenticate');
  const fewer = challenges.map((_, index) => challenges.slice(index).flat());
  const tries = [headers, ...fewer, ...(challenges.length === 0 ? [[]] : [])];
  return tries.find(fits) ?? null;
}

function pairsOf(headers: readonly ByteString[]): readonly (readonly [ByteString, ByteString])[] {
  const pairs: [ByteString, ByteString][] = [];
  for (let index = 0; index < headers.length; index += 2) {
    pairs.push([headers[index] ?? '', headers[index + 1] ?? '']);
  }
  return pairs;
}
