import { parseCseq } from './cseq.ts';
import { rfcName } from './header-name.ts';
import { listOf, splitList } from './list.ts';
import { parseMediaType } from './media-type.ts';
import { type ByteString, headerOf, headersOf, type SipRequest } from './message.ts';
import { parseNameAddr } from './name-addr.ts';
import { paramOf, parseParams } from './params.ts';
import { badRequest, type Refusal, refusal } from './refusal.ts';
import { isVisible, parseDecimal, tokenEnd } from './token.ts';
import { parseUri, schemeOf } from './uri.ts';
import { parseVia } from './via.ts';

type Check = (request: SipRequest, supported: readonly string[]) => Refusal | null;

const SDP = 'application/sdp';
/** The extensions that a request may require: lists (RFC 4662 §4.1). */
const OPTION_TAGS = ['eventlist'];

const LARGEST_CSEQ = 2 ** 31 - 1;

/** In this order: what makes the request unreadable, then what RFC 3261 §8.2.2 and §8.2.3 ask of a UAS. */
const CHECKS: readonly Check[] = [
  via,
  once('from', isNameAddr),
  once('to', isNameAddr),
  once('call-id', isVisible),
  once('cseq', () => true),
  cseq,
  requestUri,
  maxForwards,
  contact,
  require,
  contentEncoding,
  contentType,
];

/**
 * The checks of RFC 3261 §8.2 that every UAS makes before it looks at the method's own rules. Gives the refusal
 * of the first one that fails, or null. `supported`: the option tags we know, lower case. An ACK is checked
 * like any other request, but never answered.
 */
export function inspectRequest(
  request: SipRequest,
  supported: readonly string[] = OPTION_TAGS,
): Refusal | null {
  for (const check of CHECKS) {
    const refused = check(request, supported);
    if (refused !== null) return refused;
  }
  return null;
}

/** RFC 3261 §8.1.1: a header field that is there exactly once, and well-formed. */
function once(name: string, isWellFormed: (value: ByteString) => boolean): Check {
  return (request) => {
    const values = headersOf(request, name);
    if (values.length === 0) return badRequest(`Missing ${rfcName(name)} Header Field`);
    if (values.length > 1) return badRequest(`Repeated ${rfcName(name)} Header Field`);
    return isWellFormed(values[0] ?? '') ? null : badRequest(`Malformed ${rfcName(name)} Header Field`);
  };
}

/** Only the top Via is ours to read (RFC 3261 §18.2.2); the others are copied as they are. */
function via(request: SipRequest): Refusal | null {
  const line = headerOf(request, 'via');
  if (line === null) return badRequest('Missing Via Header Field');
  const top = splitList(line)[0];
  return top !== undefined && parseVia(top) ? null : badRequest('Malformed Via Header Field');
}

function isNameAddr(value: ByteString): boolean {
  return parseNameAddr(value) !== null;
}

/** RFC 3261 §8.1.1.5: the number must be less than 2^31, the method that of the request. */
function cseq(request: SipRequest): Refusal | null {
  const value = parseCseq(headerOf(request, 'cseq') ?? '');
  if (value === null) return badRequest('Malformed CSeq Header Field');
  if (value.number > LARGEST_CSEQ) return badRequest('CSeq Number Out Of Range');
  return value.method === request.method ? null : badRequest('CSeq Method Does Not Match');
}

/** RFC 3261 §8.2.2.1: another scheme than sip and sips is 416. */
function requestUri(request: SipRequest): Refusal | null {
  const scheme = schemeOf(request.uri);
  if (scheme !== null && scheme !== 'sip' && scheme !== 'sips') return refusal(416);
  return parseUri(request.uri) ? null : badRequest('Malformed Request-URI');
}

/** RFC 3261 §16.3 step 3, for an element that might forward; OPTIONS is answered instead (§11). */
function maxForwards(request: SipRequest): Refusal | null {
  const values = headersOf(request, 'max-forwards');
  if (values.length === 0) return null;
  const hops = values.length === 1 ? parseDecimal(values[0] ?? '', 3) : null;
  if (hops === null || hops > 255) return badRequest('Malformed Max-Forwards Header Field');
  return hops === 0 && request.method !== 'OPTIONS' ? refusal(483) : null;
}

/** RFC 3261 §8.1.1.8, §12.1.1: without one Contact there is no dialog, and nowhere to send NOTIFY or BYE. */
function contact(request: SipRequest): Refusal | null {
  if (request.method === 'REGISTER') return bindings(request);
  if (request.method !== 'SUBSCRIBE' && request.method !== 'INVITE') return null;
  const contacts = listOf(request, 'contact');
  if (contacts.length === 0) return badRequest('Missing Contact Header Field');
  if (contacts.length > 1) return badRequest('Repeated Contact Header Field');
  const address = parseNameAddr(contacts[0] ?? '');
  return address && parseUri(address.uri) ? null : badRequest('Malformed Contact Header Field');
}

/** RFC 4475 §3.1.2.13: what is malformed is said before that the method is not served. */
function bindings(request: SipRequest): Refusal | null {
  const isBinding = (value: ByteString): boolean => value === '*' || isNameAddr(value);
  return listOf(request, 'contact').every(isBinding) ? null : badRequest('Malformed Contact Header Field');
}

/** RFC 3261 §8.2.2.3: options we lack are 420 with Unsupported, but never for ACK and CANCEL. */
function require(request: SipRequest, supported: readonly string[]): Refusal | null {
  if (request.method === 'ACK' || request.method === 'CANCEL') return null;
  const lacking = listOf(request, 'require').filter((option) => !supported.includes(option.toLowerCase()));
  return lacking.length === 0 ? null : refusal(420, ['unsupported', lacking.join(', ')]);
}

/** RFC 3261 §8.2.3: a coding we cannot undo is 415 with Accept-Encoding. */
function contentEncoding(request: SipRequest): Refusal | null {
  const codings = listOf(request, 'content-encoding');
  const isPlain = codings.every((coding) => coding.toLowerCase() === 'identity');
  return isPlain ? null : refusal(415, ['accept-encoding', 'identity']);
}

/**
 * RFC 3261 §8.2.3: a session in a description that we cannot read is 415 with Accept, unless it is optional. Of
 * multipart no part is needed here; bodies of SUBSCRIBE are filters, which may be ignored (RFC 3856 §6.3).
 */
function contentType(request: SipRequest): Refusal | null {
  const value = headerOf(request, 'content-type');
  if (request.method !== 'INVITE' || request.body === '' || value === null) return null;
  const type = parseMediaType(value);
  const isKnown = type === SDP || type?.startsWith('multipart/') === true;
  return isKnown || isOptional(request) ? null : refusal(415, ['accept', SDP]);
}

/** RFC 3261 §20.11: the sender can do without the body being understood. */
function isOptional(request: SipRequest): boolean {
  const disposition = headerOf(request, 'content-disposition') ?? '';
  const params = parseParams(disposition, tokenEnd(disposition, 0)) ?? [];
  return paramOf(params, 'handling')?.toLowerCase() === 'optional';
}
