import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inspectRequest } from '../../../src/sip/inspect.ts';
import type { SipRequest } from '../../../src/sip/message.ts';
import { headerValue } from './arbitrary.ts';
import { type Changes, subscribeHeaders, subscribeRequest } from './sample.ts';

const inspect = (changes: Changes, startLine?: string) =>
  inspectRequest(subscribeRequest(changes, startLine));

test('inspectRequest() lets a sound SUBSCRIBE pass', () => {
  expect(inspect({})).toBeNull();
  expect(inspect({ From: 'sip:100@example.com', 'Max-Forwards': null })).toBeNull();
});

describe('inspectRequest() refuses with 400, and says why', () => {
  test.each(['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Contact'])('a missing %s (RFC 3261 §8.1.1)', (name) => {
    expect(inspect({ [name]: null })).toEqual({
      status: 400,
      reason: `Missing ${name} Header Field`,
      headers: [],
    });
  });

  test.each(['From', 'To', 'Call-ID', 'CSeq', 'Contact'])('a repeated %s (RFC 4475 §3.3.8)', (name) => {
    const value = subscribeHeaders[name] ?? '';
    expect(inspect({ [name]: [value, value] })).toMatchObject({
      status: 400,
      reason: `Repeated ${name} Header Field`,
    });
  });

  test.each([
    ['Via', 'SIP/2.0/UDP'],
    ['Via', ','],
    ['From', '"unclosed <sip:a@b>'],
    ['To', 'nobody'],
    ['Call-ID', ''],
    ['Call-ID', 'two words'],
    ['CSeq', 'one SUBSCRIBE'],
    ['Max-Forwards', '-1'],
    ['Max-Forwards', '300'],
    ['Contact', '*'],
    ['Contact', '<tel:+12345>'],
    ['Contact', '<sip:a@b> junk'],
  ])('the malformed %s "%s"', (name, value) => {
    expect(inspect({ [name]: value })).toMatchObject({
      status: 400,
      reason: `Malformed ${name} Header Field`,
    });
  });

  test('two Contacts in one line', () => {
    expect(inspect({ Contact: '<sip:a@b>, <sip:c@d>' })).toMatchObject({
      reason: 'Repeated Contact Header Field',
    });
  });

  test('a CSeq of another method (RFC 3261 §8.1.1.5)', () => {
    expect(inspect({ CSeq: '1 NOTIFY' })).toMatchObject({
      status: 400,
      reason: 'CSeq Method Does Not Match',
    });
  });

  test('a CSeq number of 2^31 or more (RFC 3261 §8.1.1.5)', () => {
    expect(inspect({ CSeq: '2147483648 SUBSCRIBE' })).toMatchObject({
      status: 400,
      reason: 'CSeq Number Out Of Range',
    });
    expect(inspect({ CSeq: '2147483647 SUBSCRIBE' })).toBeNull();
  });

  test.each(['sip:', 'sip:a@b@c', 'sip:@b', 'alice'])('the Request-URI "%s"', (uri) => {
    expect(inspect({}, `SUBSCRIBE ${uri} SIP/2.0`)).toMatchObject({
      status: 400,
      reason: 'Malformed Request-URI',
    });
  });
});

describe('inspectRequest() refuses', () => {
  test.each(['tel:+1234', 'mailto:a@b', 'nobodyKnowsThisScheme:x'])(
    '%s with 416 (RFC 3261 §8.2.2.1)',
    (uri) => {
      expect(inspect({}, `SUBSCRIBE ${uri} SIP/2.0`)).toEqual({
        status: 416,
        reason: 'Unsupported URI Scheme',
        headers: [],
      });
    },
  );

  test('Max-Forwards 0 with 483, but answers OPTIONS (RFC 3261 §16.3)', () => {
    expect(inspect({ 'Max-Forwards': '0' })).toMatchObject({ status: 483 });
    expect(inspect({ 'Max-Forwards': '0', CSeq: '1 OPTIONS' }, 'OPTIONS sip:b SIP/2.0')).toBeNull();
  });

  test('options it lacks with 420 and Unsupported, only those named (RFC 3261 §8.2.2.3)', () => {
    const request = subscribeRequest({ Require: ['eventlist, nothingSupportsThis', '100rel'] });
    expect(inspectRequest(request, ['eventlist'])).toEqual({
      status: 420,
      reason: 'Bad Extension',
      headers: ['unsupported', 'nothingSupportsThis, 100rel'],
    });
    expect(inspectRequest(request, ['eventlist', '100rel', 'nothingsupportsthis'])).toBeNull();
  });

  test.each(['ACK', 'CANCEL'])('no options of %s (RFC 3261 §8.2.2.3)', (method) => {
    expect(inspect({ Require: 'x', CSeq: `1 ${method}` }, `${method} sip:a@b SIP/2.0`)).toBeNull();
  });

  test('a coded body with 415 and Accept-Encoding (RFC 3261 §8.2.3)', () => {
    expect(inspect({ 'Content-Encoding': 'gzip' })).toEqual({
      status: 415,
      reason: 'Unsupported Media Type',
      headers: ['accept-encoding', 'identity'],
    });
    expect(inspect({ 'Content-Encoding': 'Identity' })).toBeNull();
  });
});

test('inspectRequest() needs a Contact of SUBSCRIBE only', () => {
  expect(inspect({ Contact: null, CSeq: '1 PUBLISH' }, 'PUBLISH sip:a@b SIP/2.0')).toBeNull();
});

test('inspectRequest() takes any header values without throwing', () => {
  const names = [
    'via',
    'from',
    'to',
    'call-id',
    'cseq',
    'contact',
    'require',
    'max-forwards',
    'content-encoding',
  ];
  const headers = fc.array(fc.tuple(fc.constantFrom(...names), headerValue)).map((fields) => fields.flat());
  fc.assert(
    fc.property(headers, headerValue, (mutations, uri) => {
      const request: SipRequest = { ...subscribeRequest(), uri, headers: mutations };
      expect(inspectRequest(request)?.status).toBeGreaterThanOrEqual(400);
    }),
  );
});

describe('inspectRequest() judges the body of an INVITE (RFC 3261 §8.2.3)', () => {
  const inviting = (changes: Changes) => {
    const request = subscribeRequest({ CSeq: '1 INVITE', ...changes }, 'INVITE sip:1001@example.com SIP/2.0');
    return inspectRequest({ ...request, body: 'x' });
  };

  test.each(['application/unknownformat', 'audio', ''])('"%s" is 415 with Accept', (type) => {
    expect(inviting({ 'Content-Type': type })).toMatchObject({
      status: 415,
      headers: ['accept', 'application/sdp'],
    });
  });

  test.each(['application/sdp', 'Application/SDP;charset=utf-8', 'multipart/mixed;boundary=x'])(
    '"%s" may pass',
    (type) => {
      expect(inviting({ 'Content-Type': type })).toBeNull();
    },
  );

  test('what is optional may pass whatever it is (RFC 3261 §20.11)', () => {
    const optional = { 'Content-Type': 'text/x', 'Content-Disposition': 'icon;handling=Optional' };
    expect(inviting(optional)).toBeNull();
  });
});

describe('inspectRequest() reads the bindings of a REGISTER (RFC 4475 §3.1.2.13)', () => {
  const registering = (contact: string | readonly string[] | null) =>
    inspect({ CSeq: '1 REGISTER', Contact: contact }, 'REGISTER sip:example.com SIP/2.0');

  test.each([null, '*', '<sip:a@b>, <sip:c@d>;q=0.5', '<name:John_Smith>'])('"%s" may pass', (contact) => {
    expect(registering(contact)).toBeNull();
  });

  test('a URI with headers must be in brackets', () => {
    expect(registering('sip:user@example.com?Route=%3Csip:x%3E')).toMatchObject({
      status: 400,
      reason: 'Malformed Contact Header Field',
    });
  });
});
