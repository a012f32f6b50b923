import { isIP } from 'node:net';
import { z } from 'zod';
import { isNetwork } from '../trust.ts';
import { type KeyDoc, keyDocs } from './doc.ts';

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number, meaning: string) {
  const wanted = `a whole number from ${least} to ${most}`;
  return z.int().min(least).max(most).register(keyDocs, { wanted, meaning });
}

/** A TCP or UDP port; 0 lets the system choose a free one. */
export function port(meaning: string, alias?: string) {
  const doc: KeyDoc = { wanted: 'a port from 0 to 65535', meaning };
  const schema = z.int().min(0).max(65_535);
  return schema.register(keyDocs, alias === undefined ? doc : { ...doc, alias });
}

/** `true` or `false`. */
export function flag(meaning: string) {
  return z.boolean().register(keyDocs, { wanted: 'true or false', meaning });
}

/** Text that `takes` accepts. */
export function text(takes: (value: string) => boolean, doc: KeyDoc) {
  return z.string().refine(takes).register(keyDocs, doc);
}

/** One of the words. */
export function oneOf<const Word extends string>(words: readonly Word[], meaning: string) {
  return z.enum(words).register(keyDocs, { wanted: `one of ${words.join(', ')}`, meaning });
}

/** A list of networks in CIDR form. */
export function networks(meaning: string) {
  const wanted = 'a list of networks such as 10.0.0.0/8 or fc00::/7';
  return z.array(z.string().refine(isNetwork)).readonly().register(keyDocs, { wanted, meaning });
}

/** True for a host name or an IP literal (IPv6 without brackets). */
export function isHost(value: string): boolean {
  if (isIP(value) !== 0) return true;
  // RFC 1123 §2.1: a last label of digits alone is an attempt at an IPv4 address.
  return /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?$/i.test(value) && !/(^|\.)\d+\.?$/.test(value);
}

/** True for what a browser sends as Origin (RFC 6454 §6.2): scheme, host and port, nothing after them. */
export function isOrigin(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value) && new URL(value).origin === value.toLowerCase();
}
