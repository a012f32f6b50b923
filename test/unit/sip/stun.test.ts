import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerStun, isStun } from '../../../src/sip/stun.ts';

const COOKIE = '\x21\x12\xa4\x42';
const TRANSACTION = '\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae';
const REQUEST = `\x00\x01\x00\x00${COOKIE}${TRANSACTION}`;

function withAttributes(attributes: string, type = '\x00\x01'): string {
  return `${type}\x00${String.fromCharCode(attributes.length)}${COOKIE}${TRANSACTION}${attributes}`;
}

describe('isStun()', () => {
  test.each([
    ['a Binding request', REQUEST, true],
    ['a SIP request', 'SUBSCRIBE sip:1001@example.com SIP/2.0\r\n', false],
    ['a keep-alive', '\r\n\r\n', false],
    ['nothing', '', false],
    ['classic STUN (RFC 3489), which has no cookie', `\x00\x01\x00\x00${'x'.repeat(16)}`, false],
  ])('%s', (_, text, wanted) => {
    expect(isStun(text)).toBe(wanted);
  });
});

describe('answerStun()', () => {
  test('RFC 5769 §2.2: XOR-MAPPED-ADDRESS of 192.0.2.1:32853, which is all that the answer holds', () => {
    const outcome = answerStun(REQUEST, '192.0.2.1', 32_853);
    expect(outcome).toEqual({
      kind: 'answer',
      bytes: `\x01\x01\x00\x0c${COOKIE}${TRANSACTION}\x00\x20\x00\x08\x00\x01\xa1\x47\xe1\x12\xa6\x43`,
    });
  });

  test('RFC 5769 §2.3: XOR-MAPPED-ADDRESS of an IPv6 address is masked with cookie and transaction', () => {
    const outcome = answerStun(REQUEST, '2001:db8:1234:5678:11:2233:4455:6677', 32_853);
    expect(outcome).toEqual({
      kind: 'answer',
      bytes: `\x01\x01\x00\x18${COOKIE}${TRANSACTION}\x00\x20\x00\x14\x00\x02\xa1\x47\x01\x13\xa9\xfa\xa5\xd3\xf1\x79\xbc\x25\xf4\xb5\xbe\xd2\xb9\xd9`,
    });
  });

  test('a request with attributes that ask for nothing is answered like one without', () => {
    const software = '\x80\x22\x00\x04test';
    const username = '\x00\x06\x00\x03evt\x00';
    expect(answerStun(withAttributes(software + username), '192.0.2.1', 1)).toMatchObject({ kind: 'answer' });
  });

  test('RFC 8489 §6.3.1: an unknown attribute that must be understood is 420, and named', () => {
    const changeRequest = '\x00\x03\x00\x04\x00\x00\x00\x06';
    expect(answerStun(withAttributes(changeRequest), '192.0.2.1', 1)).toEqual({
      kind: 'answer',
      bytes: `\x01\x11\x00\x10${COOKIE}${TRANSACTION}\x00\x09\x00\x04\x00\x00\x04\x14\x00\x0a\x00\x02\x00\x03\x00\x00`,
    });
  });

  test.each([
    ['indication', '\x00\x11'],
    ['success response', '\x01\x01'],
    ['error response', '\x01\x11'],
  ])('a Binding %s gets no answer', (_, type) => {
    expect(answerStun(withAttributes('', type), '192.0.2.1', 1)).toEqual({ kind: 'silent' });
  });

  test.each([
    ['cut off', REQUEST.slice(0, 19)],
    ['longer than it says', `${REQUEST}x`],
    ['shorter than it says', `\x00\x01\x00\x04${COOKIE}${TRANSACTION}`],
    ['of a length that is no multiple of 4', `\x00\x01\x00\x01${COOKIE}${TRANSACTION}x`],
    ['with an attribute that does not fit', withAttributes('\x80\x22\x00\x09test')],
    ['of another method', withAttributes('', '\x00\x03')],
  ])('what is %s is malformed', (_, text) => {
    expect(answerStun(text, '192.0.2.1', 1)).toEqual({ kind: 'malformed' });
  });

  test('no answer is more than 24 octets longer than what it answers', () => {
    const octets = fc.uint8Array({ maxLength: 120 }).map((values) => String.fromCharCode(...values));
    const attributes = octets.map((text) => text.slice(0, text.length - (text.length % 4)));
    fc.assert(
      fc.property(attributes, fc.constantFrom('192.0.2.1', '2001:db8::1'), (text, address) => {
        const request = withAttributes(text);
        const outcome = answerStun(request, address, 5060);
        if (outcome.kind === 'answer') expect(outcome.bytes.length).toBeLessThanOrEqual(request.length + 24);
      }),
    );
  });
});
