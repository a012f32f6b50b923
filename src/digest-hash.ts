import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { DigestAlgorithm } from './sip/digest/algorithm.ts';
import type { Seal } from './sip/digest/nonce.ts';

const NAMES: Readonly<Record<DigestAlgorithm, string>> = { 'SHA-256': 'sha256', MD5: 'md5' };

/** A hash of octets (one character each) as lower case hex. */
export function digestHash(algorithm: DigestAlgorithm, octets: string): string {
  return createHash(NAMES[algorithm]).update(octets, 'latin1').digest('hex');
}

/** What is signed with a secret. */
export function sealOf(secret: string): Seal {
  return {
    sign: (text) => createHmac('sha256', secret).update(text).digest('base64url'),
    equal: sameText,
  };
}

/** Compares texts in a time that tells nothing but their lengths. */
function sameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
