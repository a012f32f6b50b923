import { isFault } from '../errors.ts';
import type { Credentials, HashedPassword } from '../ports/credentials.ts';
import type { Answer, IncomingRequest } from '../ports/edge.ts';
import { formatResource, makeResource, type UserCase } from '../presence/resource.ts';
import type { DigestAlgorithm, DigestHash } from '../sip/digest/algorithm.ts';
import { challengeHeaders } from '../sip/digest/digest-challenge.ts';
import { type DigestCredentials, readDigestCredentials } from '../sip/digest/digest-credentials.ts';
import { digestResponse } from '../sip/digest/digest-response.ts';
import { isDigestUri } from '../sip/digest/digest-uri.ts';
import { judgeNonce, makeNonce, type Seal } from '../sip/digest/nonce.ts';
import { NonceCounts } from '../sip/digest/nonce-counts.ts';
import { headerOf, headersOf, type SipRequest } from '../sip/message.ts';
import { parseNameAddr } from '../sip/name-addr.ts';
import { paramOf } from '../sip/params.ts';
import { badRequest } from '../sip/refusal.ts';
import { fromUtf8, toUtf8 } from '../sip/utf8.ts';
import type { AuthEvent } from './options.ts';
import { Throttle } from './throttle.ts';

/** What passwords are checked with. */
export interface AuthParts {
  readonly credentials: Credentials;
  readonly hash: DigestHash;
  /** The same on all nodes. */
  readonly seal: Seal;
  /** Networks that need no password: the operator's own proxy. */
  trusts(address: string): boolean;
  /** How long a nonce is good, in ms. */
  readonly nonceLifetimeMs: number;
  readonly algorithms: readonly DigestAlgorithm[];
}

/** What the authenticator needs of the notifier. */
export interface AuthenticatorOptions extends AuthParts {
  now(): number;
  readonly newId: () => string;
  readonly userCase: UserCase;
  /** True for the first of all nodes that claims `key`. */
  claim(key: string, ms: number): Promise<boolean>;
  count(event: AuthEvent): void;
  /** Told of a source that guesses, once. */
  warn(details: { readonly address: string; readonly user: string }): void;
}

/** Credentials that answer a nonce of ours from the address that it was given to: somebody is really there. */
export interface Claimant {
  readonly kind: 'claimant';
  readonly credentials: DigestCredentials;
  readonly algorithm: DigestAlgorithm;
  readonly madeAt: number;
  readonly realm: string;
  /** `user@realm` */
  readonly identity: string;
}

export type Refused = { readonly kind: 'refused'; readonly answer: Answer };

const COUNTED_NONCES = 50_000;

/** Finds out who sends a request, by Digest (RFC 3261 §22, RFC 7616, RFC 8760). */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #throttle = new Throttle();
  readonly #counts: NonceCounts;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#counts = new NonceCounts(options.now() - 1, COUNTED_NONCES);
  }

  /** True for an address that needs no password. */
  trusts(address: string): boolean {
    return this.#options.trusts(address);
  }

  /** What can be said without asking anybody. Until then nothing shows that the sender is where it says. */
  screen(request: IncomingRequest, realm: string): Claimant | Refused {
    const credentials = credentialsFor(request, realm);
    if (credentials === null) return this.#challenge(request, realm);
    if (typeof credentials === 'string') {
      this.#options.count('malformed');
      return { kind: 'refused', answer: stranger(request, badRequest(credentials)) };
    }
    const { seal, nonceLifetimeMs: lifetimeMs, now, algorithms } = this.#options;
    const scope = { realm, address: request.flow.remoteAddress, now: now(), lifetimeMs };
    const nonce = judgeNonce(seal, credentials.nonce, scope);
    if (nonce.kind !== 'fresh') return this.#challenge(request, realm, nonce.kind !== 'forged');
    const { algorithm } = credentials;
    if (algorithm === null || !algorithms.includes(algorithm)) return this.#challenge(request, realm);
    const identity = this.#identityOf(credentials.username, realm);
    if (identity === null) return this.#challenge(request, realm);
    return { kind: 'claimant', credentials, algorithm, madeAt: nonce.madeAt, realm, identity };
  }

  /** Checks the password; null when it is right, and this is no copy of a request of before. */
  async check(request: IncomingRequest, claimant: Claimant): Promise<Refused | null> {
    const attempt = { address: request.flow.remoteAddress, user: claimant.identity };
    const waitMs = this.#throttle.waitMs(attempt, this.#options.now());
    if (waitMs > 0) return this.#tooManyTries(waitMs);
    const password = await this.#find(claimant);
    if (password !== null && hashFor(password, claimant.algorithm) === null) {
      // The phone chose an algorithm for which nothing is kept of this user: it is asked by the other.
      return this.#challenge(request, claimant.realm, true, algorithmsOf(password));
    }
    if (!this.#isRight(request, claimant, password)) {
      this.#options.count('wrong');
      if (this.#throttle.failed(attempt, this.#options.now())) this.#options.warn(attempt);
      return proven(this.#challenge(request, claimant.realm));
    }
    if (await this.#isCopy(request, claimant)) return proven(this.#challenge(request, claimant.realm, true));
    // Only now: whoever has heard a phone can repeat what is right.
    this.#throttle.succeeded(attempt);
    this.#options.count('authenticated');
    return null;
  }

  #find({ credentials, realm }: Claimant): Promise<HashedPassword | null> {
    return this.#options.credentials.find(realm, fromUtf8(credentials.username));
  }

  #isRight(request: IncomingRequest, claimant: Claimant, password: HashedPassword | null): boolean {
    const { hash, seal } = this.#options;
    const { credentials, algorithm } = claimant;
    // An unknown user takes as long as a wrong password.
    const ha1 = (password && hashFor(password, algorithm)) ?? hash(algorithm, this.#options.newId());
    const question = { ...credentials, algorithm, method: request.message.method };
    return seal.equal(digestResponse(hash, ha1, question), credentials.response) && password !== null;
  }

  /**
   * Whether the same credentials were used before, on this node or another. A digest covers neither the To tag nor the
   * CSeq, so that a dialog does not protect from copies. Refreshes are still taken while the store is away.
   */
  async #isCopy({ message }: IncomingRequest, { credentials, madeAt }: Claimant): Promise<boolean> {
    const { nonce, nc, count } = credentials;
    if (!this.#counts.use(nonce, madeAt, count)) return true;
    try {
      return !(await this.#options.claim(`nonce ${nonce} ${nc}`, this.#options.nonceLifetimeMs));
    } catch (error) {
      if (isFault(error, 'STORE_AWAY') && isRefresh(message)) return false;
      throw error;
    }
  }

  #identityOf(username: string, realm: string): string | null {
    const name = fromUtf8(username);
    const suffix = `@${realm}`;
    const user = name.toLowerCase().endsWith(suffix) ? name.slice(0, -suffix.length) : name;
    const resource = makeResource(user, realm, this.#options.userCase);
    return resource && formatResource(resource);
  }

  #tooManyTries(waitMs: number): Refused {
    this.#options.count('slowed');
    // Not 503: that would say of the whole server that it is away.
    const headers = ['retry-after', String(Math.ceil(waitMs / 1000))];
    return { kind: 'refused', answer: { status: 480, headers } };
  }

  /** RFC 3261 §22.2: a 401; a UAS never sends 407. */
  #challenge(
    request: IncomingRequest,
    realm: string,
    stale = false,
    algorithms = this.#options.algorithms,
  ): Refused {
    const { seal, newId, now, count } = this.#options;
    count(stale ? 'stale' : 'challenged');
    const scope = { realm, address: request.flow.remoteAddress };
    const nonce = makeNonce(seal, scope, { now: now(), random: newId().slice(-6) });
    const offered = offeredOn(request, algorithms);
    const headers = challengeHeaders({ realm: toUtf8(realm), nonce, algorithms: offered, stale });
    return {
      kind: 'refused',
      answer: stranger(request, { status: 401, headers, toTag: this.#tag(request) }),
    };
  }

  /** RFC 3261 §8.2.7: nothing is kept of a request that is challenged, so its copies get the same tag by this. */
  #tag({ message }: IncomingRequest): string {
    const { seal } = this.#options;
    return seal.sign(`tag ${headerOf(message, 'call-id')} ${headerOf(message, 'cseq')}`).slice(0, 12);
  }
}

/** The answer to somebody of whom it is not known whether the datagram came from the address it bears. */
export function stranger(request: IncomingRequest, answer: Answer): Answer {
  return request.flow.transport === 'udp' ? { ...answer, unproven: true } : answer;
}

/** What has answered a nonce is where it says. */
function proven({ answer: { unproven: _, ...answer } }: Refused): Refused {
  return { kind: 'refused', answer };
}

/** The credentials for our realm among all (RFC 3261 §22.3), the reason phrase for bad ones; null without any. */
function credentialsFor({ message }: IncomingRequest, realm: string): DigestCredentials | string | null {
  for (const value of headersOf(message, 'authorization')) {
    const reading = readDigestCredentials(value);
    if (reading.kind === 'malformed') return 'Malformed Authorization Header Field';
    if (reading.kind === 'no-qop') return 'Digest Without qop';
    if (reading.kind !== 'read' || fromUtf8(reading.credentials.realm) !== realm) continue;
    const isOurs = isDigestUri(reading.credentials.uri, message.uri);
    return isOurs ? reading.credentials : 'Digest For Another URI';
  }
  return null;
}

/** Stacks in browsers give up when the first challenge is not MD5, so over WebSocket it is the only one. */
function offeredOn(
  { flow }: IncomingRequest,
  algorithms: readonly DigestAlgorithm[],
): readonly DigestAlgorithm[] {
  const isBrowser = flow.transport === 'ws' || flow.transport === 'wss';
  return isBrowser && algorithms.includes('MD5') ? ['MD5'] : algorithms;
}

function isRefresh(message: SipRequest): boolean {
  if (message.method !== 'SUBSCRIBE') return false;
  return paramOf(parseNameAddr(headerOf(message, 'to') ?? '')?.params ?? [], 'tag') !== undefined;
}

function hashFor({ md5, sha256 }: HashedPassword, algorithm: DigestAlgorithm): string | null {
  return algorithm === 'MD5' ? md5 : sha256;
}

function algorithmsOf(password: HashedPassword): readonly DigestAlgorithm[] {
  return password.md5 === null ? ['SHA-256'] : ['MD5'];
}
