import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { Token } from '../config.ts';
import type { PresenceService } from '../notifier/service.ts';
import type { Caller, HttpEnv } from './env.ts';
import { problem } from './problem.ts';

type Realms = Pick<PresenceService, 'realmNamed'>;

/** The caller when no tokens are configured: the API listens on loopback only then. */
const ANYONE: Caller = { everywhere: true, allows: () => true, canWrite: true, grants: ['*'] };

/**
 * Finds the caller of a request by its bearer token (RFC 6750 §2.1); 401 without a known one. The comparison
 * takes the same time whichever token it is.
 */
export function authenticate(tokens: readonly Token[], realms: Realms): MiddlewareHandler<HttpEnv> {
  const callers = tokens.map((token) => ({ digest: digestOf(token.token), caller: callerOf(token, realms) }));
  return async (c, next) => {
    const presented = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (callers.length > 0 && presented === undefined) {
      return problem(c, 'TOKEN_MISSING', 'Send "Authorization: Bearer <token>" with a token of http.tokens');
    }
    const caller = callers.length === 0 ? ANYONE : find(callers, presented ?? '');
    if (caller === null) return problem(c, 'TOKEN_UNKNOWN', 'The token is not one of http.tokens');
    c.set('caller', caller);
    return next();
  };
}

function find(callers: readonly { digest: Buffer; caller: Caller }[], presented: string): Caller | null {
  const digest = digestOf(presented);
  let found: Caller | null = null;
  for (const one of callers) {
    if (timingSafeEqual(one.digest, digest)) found = one.caller;
  }
  return found;
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function callerOf(token: Token, realms: Realms): Caller {
  const everywhere = token.realms.includes('*');
  return {
    everywhere,
    canWrite: token.access === 'write',
    grants: token.realms.map((name) => (name === '*' ? name : (realms.realmNamed(name) ?? name))),
    allows: (realm) => everywhere || token.realms.some((name) => realms.realmNamed(name) === realm),
  };
}
