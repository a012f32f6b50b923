import type { ByteString } from './message.ts';
import { consistsOf, octetTable, parseDecimal, sliceTrimmed } from './token.ts';

/** A host with an optional port (RFC 3261 §25.1 hostport). */
export interface HostPort {
  /** Lower case; an IPv6 address in its brackets. */
  readonly host: string;
  /** 0 to 65535. */
  readonly port: number | null;
}

/** Underscores are in no RFC, but in names of real hosts. */
const NAME_OCTETS = octetTable('abcdefghijklmnopqrstuvwxyz0123456789-._');
const IPV6_OCTETS = octetTable('abcdef0123456789:.');

/** `host`, `host:port` or `[IPv6]:port`, blanks around the colon allowed (RFC 3261 COLON); null when malformed. */
export function parseHostPort(text: ByteString): HostPort | null {
  const hostEnd = text.startsWith('[') ? text.indexOf(']') + 1 : colonOrEnd(text);
  const host = sliceTrimmed(text, 0, hostEnd).toLowerCase();
  if (!isHost(host)) return null;
  const rest = sliceTrimmed(text, hostEnd);
  if (rest === '') return { host, port: null };
  const port = rest.startsWith(':') ? parseDecimal(sliceTrimmed(rest, 1), 5) : null;
  return port === null || port > 65_535 ? null : { host, port };
}

function colonOrEnd(text: ByteString): number {
  const colon = text.indexOf(':');
  return colon === -1 ? text.length : colon;
}

function isHost(host: string): boolean {
  if (!host.startsWith('[')) return consistsOf(host, NAME_OCTETS);
  return host.endsWith(']') && consistsOf(host.slice(1, -1), IPV6_OCTETS);
}

/** A host and port as on the wire. */
export function formatHostPort({ host, port }: HostPort): ByteString {
  return port === null ? host : `${host}:${port}`;
}
