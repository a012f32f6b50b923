import type { ByteString } from '../message.ts';
import { skipBlanks, tokenEnd } from '../token.ts';
import { unescapeUri } from '../uri.ts';
import { algorithmOf, type DigestAlgorithm } from './algorithm.ts';
import { parseAuthParams } from './auth-params.ts';

/** What a phone answers to a challenge with (RFC 7616 §3.4). */
export interface DigestCredentials {
  readonly username: ByteString;
  readonly realm: ByteString;
  readonly nonce: ByteString;
  readonly uri: ByteString;
  /** Lower case hex. */
  readonly response: string;
  /** Null: one that is not served. */
  readonly algorithm: DigestAlgorithm | null;
  readonly cnonce: ByteString;
  /** As on the wire: it is hashed. */
  readonly nc: string;
  /** `nc` as a number, 1 to 2^32-1. */
  readonly count: number;
}

/** `not-digest`: of another scheme, for somebody else. `no-qop`: RFC 8760 §2.6 has no digests without. */
export type CredentialsReading =
  | { readonly kind: 'read'; readonly credentials: DigestCredentials }
  | { readonly kind: 'not-digest' | 'no-qop' | 'malformed' };

/** Reads one Authorization header field. */
export function readDigestCredentials(value: ByteString): CredentialsReading {
  const schemeEnd = tokenEnd(value, 0);
  if (value.slice(0, schemeEnd).toLowerCase() !== 'digest') return { kind: 'not-digest' };
  const params = parseAuthParams(value, skipBlanks(value, schemeEnd));
  if (params === null) return { kind: 'malformed' };
  if (!params.has('qop')) return { kind: 'no-qop' };
  const credentials = credentialsOf(params);
  return credentials === null ? { kind: 'malformed' } : { kind: 'read', credentials };
}

function credentialsOf(params: ReadonlyMap<string, ByteString>): DigestCredentials | null {
  const [realm, nonce, uri] = [params.get('realm'), params.get('nonce'), params.get('uri')];
  const [cnonce, nc, qop] = [params.get('cnonce'), params.get('nc') ?? '', params.get('qop')];
  const response = params.get('response')?.toLowerCase() ?? '';
  const username = usernameIn(params);
  if (realm === undefined || nonce === undefined || uri === undefined || cnonce === undefined) return null;
  if (username === null || qop?.toLowerCase() !== 'auth' || !isCount(nc) || !isHex(response)) return null;
  const algorithm = algorithmOf(params.get('algorithm'));
  const count = Number.parseInt(nc, 16);
  return count === 0 ? null : { username, realm, nonce, uri, response, algorithm, cnonce, nc, count };
}

/** RFC 7616 §3.4: `username`, or `username*` in the form of RFC 8187; never both. Hashed ones are not offered. */
function usernameIn(params: ReadonlyMap<string, ByteString>): ByteString | null {
  const [plain, extended] = [params.get('username'), params.get('username*')];
  if (params.get('userhash')?.toLowerCase() === 'true') return null;
  if (extended === undefined) return plain ?? null;
  const [, escaped] = /^utf-8'[^']*'(.*)$/i.exec(extended) ?? [];
  return plain === undefined && escaped !== undefined ? unescapeUri(escaped) : null;
}

function isCount(text: string): boolean {
  return /^[0-9a-f]{8}$/i.test(text);
}

function isHex(text: string): boolean {
  return /^[0-9a-f]{32}([0-9a-f]{32})?$/.test(text);
}
