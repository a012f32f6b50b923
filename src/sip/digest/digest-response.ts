import type { ByteString } from '../message.ts';
import type { DigestAlgorithm, DigestHash } from './algorithm.ts';
import type { DigestCredentials } from './digest-credentials.ts';

/** What a password is kept as: the hash of `username:realm:password` (RFC 7616 §3.4.2), as good as the password itself. */
export function digestHa1(
  hash: DigestHash,
  algorithm: DigestAlgorithm,
  who: { readonly username: ByteString; readonly realm: ByteString; readonly password: ByteString },
): string {
  return hash(algorithm, `${who.username}:${who.realm}:${who.password}`);
}

/** What the answer is made of besides the user's secret. */
export interface DigestQuestion extends Pick<DigestCredentials, 'nonce' | 'nc' | 'cnonce' | 'uri'> {
  readonly algorithm: DigestAlgorithm;
  readonly method: string;
}

/** The response of RFC 7616 §3.4.1 with qop=auth, lower case hex. */
export function digestResponse(hash: DigestHash, ha1: string, question: DigestQuestion): string {
  const { algorithm, nonce, nc, cnonce, method, uri } = question;
  const ha2 = hash(algorithm, `${method}:${uri}`);
  return hash(algorithm, `${ha1}:${nonce}:${nc}:${cnonce}:auth:${ha2}`);
}
