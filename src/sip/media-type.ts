import type { ByteString } from './message.ts';
import { paramOf, parseParams } from './params.ts';
import { isToken, sliceTrimmed } from './token.ts';

/** One element of Accept (RFC 3261 §20.1). */
export interface MediaRange {
  /** Lower case, without parameters: `application/pidf+xml`, `application/*` or `*\/*`. */
  readonly type: string;
  /** The q value, 0 to 1; 0 excludes what the range matches. */
  readonly quality: number;
}

/** One element of Accept from its text, or null when malformed. */
export function parseMediaRange(text: ByteString): MediaRange | null {
  const semicolon = text.indexOf(';');
  const end = semicolon === -1 ? text.length : semicolon;
  const type = parseMediaType(text);
  const quality = qualityOf(text, end);
  return type === null || quality === null ? null : { type, quality };
}

/** The media type of a Content-Type or Accept element: lower case, without parameters; null when malformed. */
export function parseMediaType(text: ByteString): string | null {
  const semicolon = text.indexOf(';');
  const type = sliceTrimmed(text, 0, semicolon === -1 ? text.length : semicolon);
  const slash = type.indexOf('/');
  const main = sliceTrimmed(type, 0, slash === -1 ? 0 : slash);
  const sub = sliceTrimmed(type, slash + 1);
  return isToken(main) && isToken(sub) ? `${main}/${sub}`.toLowerCase() : null;
}

function qualityOf(text: ByteString, from: number): number | null {
  const params = parseParams(text, from);
  if (params === null) return null;
  const value = paramOf(params, 'q');
  if (value === undefined) return 1;
  return value !== null && /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(value) ? Number(value) : null;
}
