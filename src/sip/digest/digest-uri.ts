import type { ByteString } from '../message.ts';
import { parseUri, unescapeUri } from '../uri.ts';

/**
 * Whether the `uri` of credentials means the Request-URI (RFC 7616 §3.4.6, RFC 3261 §22.4): the same user at the same
 * host. Port, parameters and scheme may differ, for proxies and phones change those.
 */
export function isDigestUri(uri: ByteString, requestUri: ByteString): boolean {
  if (uri === requestUri) return true;
  const [one, other] = [parseUri(uri), parseUri(requestUri)];
  if (one === null || other === null) return false;
  return one.host === other.host && userOf(one.user) === userOf(other.user);
}

function userOf(user: ByteString | null): ByteString | null {
  return user === null ? null : unescapeUri(user);
}
