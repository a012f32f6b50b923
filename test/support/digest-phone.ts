import { digestHash } from '../../src/digest-hash.ts';
import type { DigestAlgorithm } from '../../src/sip/digest/algorithm.ts';
import { parseAuthParams } from '../../src/sip/digest/auth-params.ts';
import { digestHa1, digestResponse } from '../../src/sip/digest/digest-response.ts';

/** What a phone answers a challenge with; what is not given is as a good phone has it. */
export interface DigestFacts {
  readonly username?: string;
  readonly password?: string;
  readonly method?: string;
  readonly uri?: string;
  readonly nc?: number;
  readonly cnonce?: string;
  readonly algorithm?: DigestAlgorithm;
}

/** A challenge as a phone reads it. */
export interface SeenChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly algorithm: string;
  readonly stale: boolean;
}

/** Reads one WWW-Authenticate header field. */
export function readChallenge(value: string): SeenChallenge {
  const params = parseAuthParams(value, 'Digest '.length);
  return {
    realm: params?.get('realm') ?? '',
    nonce: params?.get('nonce') ?? '',
    algorithm: params?.get('algorithm') ?? '',
    stale: params?.get('stale') === 'true',
  };
}

/** The Authorization header line that answers a challenge. */
export function authorization(challenge: SeenChallenge, facts: DigestFacts = {}): string {
  const {
    username = '1001',
    password = 'secret',
    method = 'SUBSCRIBE',
    uri = 'sip:night@acme.example',
  } = facts;
  const { nc = 1, cnonce = '0a4f113b', algorithm = challenge.algorithm as DigestAlgorithm } = facts;
  const { realm, nonce } = challenge;
  const ha1 = digestHa1(digestHash, algorithm, { username, realm, password });
  const count = nc.toString(16).padStart(8, '0');
  const response = digestResponse(digestHash, ha1, { algorithm, nonce, nc: count, cnonce, method, uri });
  const quoted = { username, realm, nonce, uri, response, cnonce };
  const params = Object.entries(quoted).map(([name, value]) => `${name}="${value}"`);
  return `Authorization: Digest ${[...params, `algorithm=${algorithm}`, 'qop=auth', `nc=${count}`].join(', ')}`;
}

/** What is kept of a password. */
export function hashedPassword(username: string, realm: string, password: string) {
  const who = { username, realm, password };
  return {
    md5: digestHa1(digestHash, 'MD5', who),
    sha256: digestHa1(digestHash, 'SHA-256', who),
  };
}
