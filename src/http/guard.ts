import type { MiddlewareHandler } from 'hono';
import { isLoopback } from '../trust.ts';
import type { HttpEnv } from './env.ts';
import { problem } from './problem.ts';

/**
 * Keeps web pages off an API that has no tokens. A page whose name was made to resolve to this machine (DNS
 * rebinding) still sends its own name as Host; a page of another site sends its Origin with every write.
 */
export function guard(listenHost: string): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const host = c.req.header('host') ?? new URL(c.req.url).host;
    if (!isOurs(host, listenHost)) {
      return problem(
        c,
        'HOST_FORBIDDEN',
        `Host "${host}" must be localhost or a loopback address while there are no tokens`,
      );
    }
    const origin = c.req.header('origin');
    if (origin !== undefined && !isRead(c.req.method) && hostOf(origin) !== host.toLowerCase()) {
      return problem(c, 'ORIGIN_FORBIDDEN', `Origin "${origin}" must be the host of the API, "${host}"`);
    }
    return next();
  };
}

/** True for the methods that change nothing (RFC 9110 §9.2.1). */
export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function isOurs(host: string, listenHost: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const name = new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === listenHost.toLowerCase() || isLoopback(name);
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
