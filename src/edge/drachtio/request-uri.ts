import type { ByteString } from '../../sip/message.ts';
import { parseNameAddr } from '../../sip/name-addr.ts';
import { paramOf } from '../../sip/params.ts';
import { parseUri } from '../../sip/uri.ts';

/**
 * The Request-URI with the route set as its header part: drachtio-server drops Route headers, but makes real ones
 * of these (RFC 3261 §19.1.1). A strict first hop gets its own URI and the target last (§12.2.1.1).
 */
export function requestUri(target: ByteString, routeSet: readonly ByteString[]): ByteString {
  const first = routeSet[0];
  const bare = withoutHeaders(target);
  if (first === undefined) return bare;
  const hop = parseNameAddr(first)?.uri ?? '';
  if (isLoose(hop)) return withRoutes(bare, routeSet);
  return withRoutes(withoutHeaders(hop), [...routeSet.slice(1), `<${bare}>`]);
}

function isLoose(hop: ByteString): boolean {
  const uri = parseUri(hop);
  return uri !== null && paramOf(uri.params, 'lr') !== undefined;
}

function withRoutes(uri: ByteString, routes: readonly ByteString[]): ByteString {
  return `${uri}?${routes.map((route) => `Route=${escapeHeaderValue(route)}`).join('&')}`;
}

function withoutHeaders(uri: ByteString): ByteString {
  const question = uri.indexOf('?');
  return question === -1 ? uri : uri.slice(0, question);
}

/** RFC 3261 §25.1 hvalue: everything but hnv-unreserved and unreserved is escaped. */
function escapeHeaderValue(value: ByteString): ByteString {
  return value.replace(/[^\w\-.!~*'():/[\]]/g, (octet) => {
    return `%${octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}
