import fc from 'fast-check';
import type { SipMessage } from '../../../src/sip/message.ts';

const TOKEN = [..."ABCXYZabcxyz0189-.!%*_+`'~"];

/** Any octets at all, as a ByteString. */
export const octets = (maxLength = 300) =>
  fc.uint8Array({ maxLength }).map((bytes) => String.fromCharCode(...bytes));

/** Text made of the pieces that parsers trip over, in any order. */
export const hostile = (pieces: readonly string[], maxLength = 60) =>
  fc.array(fc.oneof(fc.constantFrom(...pieces), octets(3)), { maxLength }).map((parts) => parts.join(''));

export const token = fc
  .array(fc.constantFrom(...TOKEN), { minLength: 1, maxLength: 12 })
  .map((characters) => characters.join(''));

/** A header value as it survives the wire: trimmed, no line ends. */
export const headerValue = octets(40).map((text) =>
  text.replace(/[\r\n]/g, '').replace(/^[ \t]+|[ \t]+$/g, ''),
);

/** Octets that can stand inside a quoted-string once they are escaped. */
export const quotable = octets(20).map((text) => text.replace(/[\r\n]/g, ''));

export const host = fc.oneof(
  fc.constantFrom('example.com', '192.0.2.1', '[2001:db8::1]', 'a', 'pbx_1.lan'),
  fc.domain().map((name) => name.toLowerCase()),
);

export const port = fc.option(fc.nat(65_535));

export const params = fc.uniqueArray(
  fc.tuple(
    token.map((name) => name.toLowerCase()),
    fc.option(token),
  ),
  { maxLength: 4, selector: ([name]) => name },
);

const headerName = fc.constantFrom(
  'via',
  'from',
  'to',
  'call-id',
  'cseq',
  'event',
  'x-anything',
  'www-authenticate',
);

const headers = fc.array(fc.tuple(headerName, headerValue), { maxLength: 8 }).map((fields) => fields.flat());

/** Any message that can be written on the wire, without Content-Length. */
export const message: fc.Arbitrary<SipMessage> = fc.oneof(
  fc.record({
    kind: fc.constant('request' as const),
    method: fc.constantFrom('SUBSCRIBE', 'NOTIFY', 'x~y'),
    uri: fc.constantFrom('sip:a@b', 'tel:+1', 'sip:[::1]:5070;lr'),
    headers,
    body: octets(),
  }),
  fc.record({
    kind: fc.constant('response' as const),
    status: fc.integer({ min: 100, max: 699 }),
    reason: headerValue,
    headers,
    body: octets(),
  }),
);
