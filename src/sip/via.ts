import { formatHostPort, type HostPort, parseHostPort } from './host.ts';
import type { ByteString } from './message.ts';
import { formatParams, type Params, paramOf, parseParams } from './params.ts';
import { remembered } from './remembered.ts';
import { isBlank, parseDecimal, skipBlanks, sliceTrimmed, tokenEnd } from './token.ts';

/** One Via value (RFC 3261 §20.42). `host` and `port` are its sent-by. */
export interface Via extends HostPort {
  /** Upper case: `UDP`, `TCP`, `TLS`, `WS`, `WSS`. */
  readonly transport: string;
  readonly branch: ByteString | null;
  /** The address the request came from, as the receiver wrote it. */
  readonly received: ByteString | null;
  /** RFC 3581: undefined when absent, null when present without a value. */
  readonly rport: number | null | undefined;
  /** The other parameters. */
  readonly params: Params;
}

/** One Via value, not a list of them, or null when malformed. Blanks around the slashes are allowed. */
export const parseVia = remembered(readVia, 2);

function readVia(text: ByteString): Via | null {
  const transportAt = behindProtocol(text);
  const transportEnd = tokenEnd(text, transportAt);
  if (transportAt === -1 || transportEnd === transportAt || !isBlank(text.charCodeAt(transportEnd)))
    return null;
  const semicolon = text.indexOf(';', transportEnd);
  const sentByEnd = semicolon === -1 ? text.length : semicolon;
  const sentBy = parseHostPort(sliceTrimmed(text, transportEnd, sentByEnd));
  const params = parseParams(text, sentByEnd);
  const rport = params && rportOf(params);
  if (sentBy === null || params === null || rport === 'malformed') return null;
  return {
    transport: text.slice(transportAt, transportEnd).toUpperCase(),
    host: sentBy.host,
    port: sentBy.port,
    branch: paramOf(params, 'branch') ?? null,
    received: paramOf(params, 'received') ?? null,
    rport,
    params: params.filter(isOther),
  };
}

function isOther([name]: Params[number]): boolean {
  return name !== 'branch' && name !== 'received' && name !== 'rport';
}

/** The index of the transport behind `SIP/2.0/`, or -1. */
function behindProtocol(text: ByteString): number {
  const first = text.indexOf('/');
  const second = text.indexOf('/', first + 1);
  if (second === -1 || sliceTrimmed(text, 0, first).toUpperCase() !== 'SIP') return -1;
  return sliceTrimmed(text, first + 1, second) === '2.0' ? skipBlanks(text, second + 1) : -1;
}

function rportOf(params: Params): number | null | undefined | 'malformed' {
  const value = paramOf(params, 'rport');
  if (value === null || value === undefined) return value;
  return parseDecimal(value, 5) ?? 'malformed';
}

/** A Via value as on the wire. */
export function formatVia(via: Via): ByteString {
  const branch = via.branch === null ? '' : `;branch=${via.branch}`;
  const received = via.received === null ? '' : `;received=${via.received}`;
  return `SIP/2.0/${via.transport} ${formatHostPort(via)}${branch}${received}${formatRport(via.rport)}${formatParams(via.params)}`;
}

function formatRport(rport: Via['rport']): ByteString {
  if (rport === undefined) return '';
  return rport === null ? ';rport' : `;rport=${rport}`;
}
