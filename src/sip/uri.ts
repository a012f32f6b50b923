import { formatHostPort, type HostPort, parseHostPort } from './host.ts';
import type { ByteString } from './message.ts';
import { formatParams, isNewParam, type Params } from './params.ts';
import { remembered } from './remembered.ts';
import { octetTable } from './token.ts';

/** A SIP or SIPS URI (RFC 3261 §19.1). */
export interface SipUri extends HostPort {
  readonly scheme: 'sip' | 'sips';
  /** As on the wire, escapes not resolved; null when the URI has none. */
  readonly user: ByteString | null;
  readonly password: ByteString | null;
  readonly params: Params;
  /** What follows the `?`, as on the wire. */
  readonly headers: ByteString | null;
}

/** Octets that no URI may hold; behind one of them two readers would see two URIs. */
const FORBIDDEN = octetTable(`${String.fromCharCode(...Array(33).keys())}"<>\x7f`);

/** A SIP or SIPS URI from its text; null for another scheme and for what is malformed. */
export const parseUri = remembered(readUri, 4);

function readUri(text: ByteString): SipUri | null {
  const scheme = schemeOf(text);
  if ((scheme !== 'sip' && scheme !== 'sips') || hasForbidden(text)) return null;
  const start = scheme.length + 1;
  const at = text.indexOf('@', start);
  const userInfo = at === -1 ? null : parseUserInfo(text.slice(start, at));
  // A second @ is refused: the user part must escape it, and readers disagree which one counts.
  if ((at !== -1 && userInfo === null) || text.includes('@', at + 1)) return null;
  const rest = parseRest(text.slice(at === -1 ? start : at + 1));
  return rest && { scheme, user: userInfo?.user ?? null, password: userInfo?.password ?? null, ...rest };
}

/** The scheme of any URI in lower case; null when the text has none. */
export function schemeOf(text: ByteString): string | null {
  // Nearly all: the expression below takes ten times as long.
  if (text.startsWith('sip:')) return 'sip';
  return /^[a-z][a-z0-9+.-]{0,31}(?=:)/i.exec(text)?.[0].toLowerCase() ?? null;
}

function hasForbidden(text: ByteString): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (FORBIDDEN[text.charCodeAt(index)] === 1) return true;
  }
  return false;
}

function parseUserInfo(text: ByteString): { user: ByteString; password: ByteString | null } | null {
  const [user, password] = cut(text, ':');
  return user === '' ? null : { user, password };
}

function parseRest(text: ByteString): Pick<SipUri, 'host' | 'port' | 'params' | 'headers'> | null {
  const [beforeHeaders, headers] = cut(text, '?');
  const [hostPortText, paramText] = cut(beforeHeaders, ';');
  const hostPort = parseHostPort(hostPortText);
  const params = paramText === null ? [] : parseUriParams(paramText);
  return hostPort && params && { ...hostPort, params, headers };
}

/** URI parameters have an alphabet of their own, so they are not read as header parameters. */
function parseUriParams(text: ByteString): Params | null {
  const params: [string, ByteString | null][] = [];
  for (const part of text.split(';')) {
    const [name, value] = cut(part, '=');
    if (name === '' || !isNewParam(params, name.toLowerCase())) return null;
    params.push([name.toLowerCase(), value]);
  }
  return params;
}

/** The text before the first `separator` and the text behind it, null when there is none. */
function cut(text: ByteString, separator: string): [ByteString, ByteString | null] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

/** A URI as on the wire. */
export function formatUri(uri: SipUri): ByteString {
  const password = uri.password === null ? '' : `:${uri.password}`;
  const userInfo = uri.user === null ? '' : `${uri.user}${password}@`;
  const headers = uri.headers === null ? '' : `?${uri.headers}`;
  return `${uri.scheme}:${userInfo}${formatHostPort(uri)}${formatParams(uri.params)}${headers}`;
}

/** Text with its escapes (`%2A`) resolved to octets; an escape that is malformed stays as it is. */
export function unescapeUri(text: ByteString): ByteString {
  if (!text.includes('%')) return text;
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** What `encodeURIComponent` escapes though a user part may hold it (RFC 3261 §25.1, user-unreserved). */
const NEEDLESS = /%(?:26|3D|2B|24|2C)/g;

/** Text as the user part of a URI, escaped where it must be: `#30` is `%2330`. */
export function escapeUser(text: string): ByteString {
  return encodeURIComponent(text.toWellFormed()).replace(NEEDLESS, (escaped) => unescapeUri(escaped));
}
