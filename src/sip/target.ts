import type { ByteString, SipRequest } from './message.ts';
import type { NameAddr } from './name-addr.ts';
import { formatUri, parseUri, type SipUri, unescapeUri } from './uri.ts';
import { fromUtf8 } from './utf8.ts';

/** What a request outside a dialog is about. */
export interface Target {
  /** The user part as text, escapes resolved: `%2330` is `#30`. */
  readonly user: string;
  /** Lower case, without port, an IPv6 address without brackets. */
  readonly host: string;
  /** The URI without password, parameters and headers. */
  readonly uri: ByteString;
}

/**
 * The target of a request: its Request-URI, or its To when the Request-URI has no user part, as some phones
 * send it (the resource is then only in To). Null when neither names a user.
 */
export function targetOf(request: SipRequest, to: NameAddr): Target | null {
  return makeTarget(parseUri(request.uri)) ?? makeTarget(parseUri(to.uri));
}

function makeTarget(uri: SipUri | null): Target | null {
  if (uri === null || uri.user === null) return null;
  return {
    user: fromUtf8(unescapeUri(uri.user)),
    host: uri.host.startsWith('[') ? uri.host.slice(1, -1) : uri.host,
    uri: formatUri({ ...uri, password: null, params: [], headers: null }),
  };
}
