import { expect, test } from 'vitest';
import { responseOctets } from '../../../../src/edge/drachtio/response-octets.ts';
import type { SipRequest } from '../../../../src/sip/message.ts';

const REQUEST: SipRequest = {
  kind: 'request',
  method: 'SUBSCRIBE',
  uri: 'sip:1001@example.com',
  headers: [
    ...[
      'via',
      'SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK1;rport',
      'via',
      'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK0',
    ],
    ...[
      'from',
      '<sip:1002@example.com>;tag=a',
      'to',
      '<sip:1001@example.com>',
      'call-id',
      'c',
      'cseq',
      '1 SUBSCRIBE',
    ],
    ...['user-agent', 'x'.repeat(500)],
  ],
  body: 'y'.repeat(100),
};
const CHALLENGE = { status: 401, headers: ['www-authenticate', 'Digest realm="example.com"'] };

/** The answer as drachtio-server writes it for the longest address. */
const WRITTEN = [
  'SIP/2.0 401 Unauthorized',
  `Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK1;rport=65535;received=${'f'.repeat(39)}`,
  'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK0',
  'From: <sip:1002@example.com>;tag=a',
  'To: <sip:1001@example.com>;tag=1234567890abc',
  'Call-ID: c',
  'CSeq: 1 SUBSCRIBE',
  'WWW-Authenticate: Digest realm="example.com"',
  'Content-Length: 0',
  '\r\n',
].join('\r\n');

test('an answer is never longer than said: what is echoed, what is added to Via and To, what we add', () => {
  const octets = responseOctets(REQUEST, CHALLENGE);
  expect(octets).toBeGreaterThanOrEqual(WRITTEN.length);
  // A phone must not be kept waiting for a few octets that nobody sends.
  expect(octets).toBeLessThan(WRITTEN.length + 16);
});

test('header fields that are left out, a shorter phrase and our own tag count', () => {
  const whole = responseOctets(REQUEST, CHALLENGE);
  const line = 'WWW-Authenticate: Digest realm="example.com"\r\n';
  expect(whole - responseOctets(REQUEST, { ...CHALLENGE, headers: [] })).toBe(line.length);
  expect(whole - responseOctets(REQUEST, { ...CHALLENGE, reason: 'No' })).toBe('Unauthorized'.length - 2);
  expect(responseOctets(REQUEST, { ...CHALLENGE, toTag: 'b1-x' }) - whole).toBe(4);
});
