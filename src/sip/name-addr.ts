import type { ByteString } from './message.ts';
import { formatParams, type Params, parseParams } from './params.ts';
import { quote, quotedEnd, unquote } from './quoted.ts';
import { remembered } from './remembered.ts';
import { octetTable, skipBlanks, sliceTrimmed } from './token.ts';
import { schemeOf } from './uri.ts';

/** A name-addr or addr-spec with its header parameters: From, To, Contact, Route (RFC 3261 §20.10). */
export interface NameAddr {
  /** Without quotes, quoted pairs resolved. */
  readonly display: ByteString | null;
  readonly uri: ByteString;
  /** Header parameters, not those of the URI. */
  readonly params: Params;
}

/** What a display name without quotes cannot hold. Wider than the tokens of RFC 3261: phones send UTF-8 here. */
const NOT_IN_BARE_NAME = octetTable('",;>');
const NOT_IN_BRACKETS = octetTable(' \t\r\n"<>');
/** RFC 3261 §20: a URI with one of these must be in brackets; a semicolon starts a header parameter. */
const NOT_IN_ADDR_SPEC = octetTable(' \t\r\n"<>,?;');

/** One address from its text, or null when malformed. `*` is not an address. */
export const parseNameAddr = remembered(readNameAddr, 4);

function readNameAddr(text: ByteString): NameAddr | null {
  const start = skipBlanks(text, 0);
  if (text.charAt(start) === '"') return parseQuotedName(text, start);
  const bracket = text.indexOf('<', start);
  return bracket === -1 ? parseAddrSpec(text, start) : parseBareName(text, start, bracket);
}

function parseQuotedName(text: ByteString, start: number): NameAddr | null {
  const end = quotedEnd(text, start);
  if (end === -1) return null;
  return parseBracketed(text, skipBlanks(text, end), unquote(text.slice(start, end)));
}

function parseBareName(text: ByteString, start: number, bracket: number): NameAddr | null {
  const display = sliceTrimmed(text, start, bracket);
  if (hasAny(display, NOT_IN_BARE_NAME)) return null;
  return parseBracketed(text, bracket, display === '' ? null : display);
}

function parseBracketed(text: ByteString, bracket: number, display: ByteString | null): NameAddr | null {
  if (text.charAt(bracket) !== '<') return null;
  const close = text.indexOf('>', bracket);
  if (close === -1) return null;
  return makeNameAddr(display, sliceTrimmed(text, bracket + 1, close), {
    params: parseParams(text, close + 1),
    forbidden: NOT_IN_BRACKETS,
  });
}

function parseAddrSpec(text: ByteString, start: number): NameAddr | null {
  const semicolon = text.indexOf(';', start);
  const end = semicolon === -1 ? text.length : semicolon;
  return makeNameAddr(null, sliceTrimmed(text, start, end), {
    params: parseParams(text, end),
    forbidden: NOT_IN_ADDR_SPEC,
  });
}

function makeNameAddr(
  display: ByteString | null,
  uri: ByteString,
  { params, forbidden }: { readonly params: Params | null; readonly forbidden: Uint8Array },
): NameAddr | null {
  if (params === null || schemeOf(uri) === null || hasAny(uri, forbidden)) return null;
  return { display, uri, params };
}

function hasAny(text: ByteString, octets: Uint8Array): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (octets[text.charCodeAt(index)] === 1) return true;
  }
  return false;
}

/** An address as on the wire, always with brackets, so that parameters can be added behind it. */
export function formatNameAddr({ display, uri, params }: NameAddr): ByteString {
  return `${display === null ? '' : `${quote(display)} `}<${uri}>${formatParams(params)}`;
}

/** The address without its tag (RFC 3261 §19.3): what a dialog keeps of From and To. */
export function withoutTag(address: NameAddr): NameAddr {
  return { ...address, params: address.params.filter(([name]) => name !== 'tag') };
}
