import { addressOfHost } from './address.ts';

/** Whose pages may open SIP over WebSocket. */
export interface OriginRule {
  /** Origins such as `https://lamps.acme.example`; `*`: every page. */
  readonly origins: readonly string[];
  /** The host that phones reach us at; '' when there is none. */
  readonly external: string;
}

/**
 * Whether a handshake with these `Origin` and `Host` header fields is taken (RFC 6455 §10.2). A client without Origin
 * is no browser. The page of our own host is let in, whatever its port; but its name must be an address, `localhost` or
 * `external`: any other name may have been made to resolve to us by the page's owner (DNS rebinding).
 */
export function admitsOrigin(
  rule: OriginRule,
  origin: string | undefined,
  host: string | undefined,
): boolean {
  if (origin === undefined || rule.origins.includes('*')) return true;
  const from = urlOf(origin);
  if (from === null) return false;
  if (rule.origins.some((allowed) => urlOf(allowed)?.origin === from.origin)) return true;
  return urlOf(`ws://${host}`)?.hostname === from.hostname && isOurs(from.hostname, rule.external);
}

function isOurs(name: string, external: string): boolean {
  return name === 'localhost' || name === external.toLowerCase() || addressOfHost(name) !== null;
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
