import type { ByteString } from '../message.ts';
import { quote } from '../quoted.ts';
import { ALGORITHMS, type DigestAlgorithm } from './algorithm.ts';

/** What a phone is asked for. */
export interface Challenge {
  readonly realm: ByteString;
  readonly nonce: ByteString;
  /** Those to offer; they are written in the order of preference. */
  readonly algorithms: readonly DigestAlgorithm[];
  /** RFC 7616 §3.3: the answer was right, but to a nonce of before: the user need not be asked. */
  readonly stale: boolean;
}

/** The WWW-Authenticate header fields of a 401, strongest first, all for one realm (RFC 8760 §2.3): name, value ... */
export function challengeHeaders(challenge: Challenge): readonly ByteString[] {
  const { realm, nonce, algorithms, stale } = challenge;
  const offered = ALGORITHMS.filter((algorithm) => algorithms.includes(algorithm));
  return offered.flatMap((algorithm) => {
    const params = [`realm=${quote(realm)}`, `nonce=${quote(nonce)}`, `algorithm=${algorithm}`, 'qop="auth"'];
    return ['www-authenticate', `Digest ${(stale ? [...params, 'stale=true'] : params).join(', ')}`];
  });
}
