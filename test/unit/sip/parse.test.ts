import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headerOf, headersOf } from '../../../src/sip/message.ts';
import { parseLimits, parseMessage } from '../../../src/sip/parse.ts';
import { serialize } from '../../../src/sip/serialize.ts';
import { hostile, message, octets } from './arbitrary.ts';
import { requestFrom, subscribeText } from './sample.ts';

const PIECES = [
  ...['SUBSCRIBE sip:a@b SIP/2.0\r\n', 'SIP/2.0 200 OK\r\n', 'Via: SIP/2.0/UDP a;branch=1\r\n', 'l: 5\r\n'],
  ...['Content-Length: 3\r\n', '\r\n', '\n', '\r', ' ', '\t', ':', 'From', 'CSeq: 1 A', '"', '<', ';', ','],
];

describe('parseMessage() reads', () => {
  test('a request: method, Request-URI, headers in wire order, body (RFC 3261 §7.1)', () => {
    const text =
      'PUBLISH sip:a@b;x SIP/2.0\r\nTo: <sip:a@b>\r\nX-One: 1\r\nX-One: 2\r\nContent-Length: 2\r\n\r\nhi';
    expect(parseMessage(text)).toEqual({
      kind: 'message',
      message: {
        kind: 'request',
        method: 'PUBLISH',
        uri: 'sip:a@b;x',
        headers: ['to', '<sip:a@b>', 'x-one', '1', 'x-one', '2', 'content-length', '2'],
        body: 'hi',
      },
    });
  });

  test.each([
    ['SIP/2.0 200 OK', 200, 'OK'],
    ['SIP/2.0 481 Call/Transaction Does Not Exist', 481, 'Call/Transaction Does Not Exist'],
    ['SIP/2.0 200 ', 200, ''],
    ['SIP/2.0 200', 200, ''],
    ['sip/2.0 699 x', 699, 'x'],
  ])('the response "%s" (RFC 3261 §7.2)', (line, status, reason) => {
    expect(parseMessage(`${line}\r\n\r\n`)).toMatchObject({ message: { kind: 'response', status, reason } });
  });

  test('any message that serialize() wrote, unchanged', () => {
    fc.assert(
      fc.property(message, (original) => {
        const headers = [...original.headers, 'content-length', `${original.body.length}`];
        expect(parseMessage(serialize(original))).toEqual({
          kind: 'message',
          message: { ...original, headers },
        });
      }),
    );
  });

  test('the compact names (RFC 3261 §7.3.3 and the IANA registry)', () => {
    const compact = 'a b c d e f i j k m n o r s t u v x y'.split(' ');
    const text = `OPTIONS sip:a SIP/2.0\r\n${compact.map((name) => `${name}: 1\r\n`).join('')}L: 0\r\n\r\n`;
    expect(requestFrom(text).headers.filter((_, index) => index % 2 === 0)).toEqual([
      ...['accept-contact', 'referred-by', 'content-type', 'request-disposition', 'content-encoding', 'from'],
      ...[
        'call-id',
        'reject-contact',
        'supported',
        'contact',
        'identity-info',
        'event',
        'refer-to',
        'subject',
      ],
      ...['to', 'allow-events', 'via', 'session-expires', 'identity', 'content-length'],
    ]);
  });

  test('names in any case, and with blanks before the colon (RFC 3261 §7.3.1)', () => {
    const request = requestFrom('OPTIONS sip:a SIP/2.0\r\ncALL-id  :  7\r\nTO\t:x\r\nX-mE: y\r\n\r\n');
    expect(request.headers).toEqual(['call-id', '7', 'to', 'x', 'x-me', 'y']);
  });

  test('a value over several lines as one line (RFC 3261 §7.3.1)', () => {
    const request = requestFrom(
      'OPTIONS sip:a SIP/2.0\r\nSubject: I know\r\n   you are\r\n\t \r\n there  \r\nTo:\r\n x\r\n\r\n',
    );
    expect(request.headers).toEqual(['subject', 'I know you are there', 'to', 'x']);
  });

  test('line ends before the start line (RFC 3261 §7.5), and LF alone as a line end', () => {
    expect(requestFrom(`\r\n\r\n\n${subscribeText()}`)).toEqual(requestFrom(subscribeText()));
    expect(requestFrom(subscribeText().replaceAll('\r', ''))).toEqual(requestFrom(subscribeText()));
  });

  test('raw UTF-8 and escaped octets in a display name as they are (RFC 4475 §3.1.1.2)', () => {
    const name = '"\xe2\x98\x83 BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f"';
    expect(headerOf(requestFrom(subscribeText({ From: `${name} <sip:a@b>` })), 'from')).toBe(
      `${name} <sip:a@b>`,
    );
  });

  test('a body without Content-Length to the end of the datagram (RFC 3261 §18.3)', () => {
    expect(requestFrom(`${subscribeText({ 'Content-Length': null })}abc`).body).toBe('abc');
  });

  test('no further than Content-Length: trailing octets are cut (RFC 3261 §18.3)', () => {
    expect(requestFrom(`${subscribeText({ 'Content-Length': '3' })}abcdef`).body).toBe('abc');
    expect(requestFrom(`${subscribeText({ 'Content-Length': '0003' })}abcdef`).body).toBe('abc');
  });
});

describe('parseMessage() faults', () => {
  const faultOf = (text: string) => {
    const result = parseMessage(text);
    if (result.kind === 'message') throw new Error('no fault');
    return result;
  };

  test('a body shorter than Content-Length with 400, the request still answerable (RFC 3261 §18.3)', () => {
    const fault = faultOf(`${subscribeText({ 'Content-Length': '10' })}abc`);
    expect(fault).toMatchObject({ status: 400, reason: 'Body Shorter Than Content-Length' });
    expect(fault.request && headerOf(fault.request, 'call-id')).toBe('a84b4c76e66710');
  });

  test.each([['-1'], ['1, 1'], [''], ['0x10'], ['99999999999'], ['1 1'], ['1.0']])(
    'Content-Length "%s" with 400',
    (length) => {
      expect(faultOf(`${subscribeText({ 'Content-Length': length })}abc`)).toMatchObject({
        status: 400,
        reason: 'Malformed Content-Length',
      });
    },
  );

  test('a repeated Content-Length with 400, whether contradicting or not (RFC 4475 §3.3.9)', () => {
    for (const second of ['0', '3']) {
      expect(faultOf(`${subscribeText({ 'Content-Length': ['3', second] })}abc`).reason).toBe(
        'Malformed Content-Length',
      );
    }
  });

  test.each([['SIP/7.0'], ['SIP/2.1'], ['SIP/2']])('version %s with 505 (RFC 4475 §3.1.2.16)', (version) => {
    const fault = faultOf(subscribeText({}, `SUBSCRIBE sip:1001@example.com ${version}`));
    expect(fault).toMatchObject({
      status: 505,
      request: { method: 'SUBSCRIBE', uri: 'sip:1001@example.com' },
    });
  });

  test.each([
    ['blanks within the Request-URI (RFC 4475 §3.1.2.6)', 'OPTIONS sip:a@b; lr SIP/2.0'],
    ['two blanks before the Request-URI (RFC 4475 §3.1.2.8)', 'OPTIONS  sip:a@b SIP/2.0'],
    ['blanks behind the version (RFC 4475 §3.1.2.9)', 'OPTIONS sip:a@b SIP/2.0  '],
    ['brackets around the Request-URI (RFC 4475 §3.1.2.5)', 'OPTIONS <sip:a@b> SIP/2.0'],
    ['no Request-URI', 'OPTIONS SIP/2.0'],
  ])('%s with 400', (_, startLine) => {
    expect(faultOf(subscribeText({}, startLine))).toMatchObject({
      status: 400,
      request: { method: 'OPTIONS' },
    });
  });

  test('an endless Request-URI with 414', () => {
    expect(faultOf(subscribeText({}, `OPTIONS sip:${'a'.repeat(4000)} SIP/2.0`)).status).toBe(414);
  });

  test.each([
    ['no colon', 'garbage'],
    ['no name', ': x'],
    ['a name that is no token', 'Call ID: x'],
    ['a lone CR, which some reader would take as a line end', 'Subject: a\rVia: b'],
    ['a first line that is folded', ' folded'],
  ])('a header line with %s with 400, the others still read', (_, line) => {
    const text = subscribeText().replace('\r\n', `\r\n${line}\r\n`);
    const fault = faultOf(text);
    expect(fault).toMatchObject({ status: 400, reason: 'Malformed Header Field' });
    expect(fault.request && headersOf(fault.request, 'via')).toHaveLength(1);
  });

  test('a head that never ends with 400', () => {
    expect(faultOf(subscribeText().slice(0, -2)).reason).toBe('Missing End of Header Fields');
  });

  test('too many fields, a field too long, a head too long, a body too long', () => {
    const limits = { fields: 20, fieldOctets: 100, headOctets: 1000, bodyOctets: 10 };
    const reason = (text: string) => {
      const result = parseMessage(text, limits);
      return result.kind === 'fault' && result.reason;
    };
    expect(reason(subscribeText({ X: Array(9).fill('1') }))).toBe('Too Many Header Fields');
    expect(reason(subscribeText({ X: 'x'.repeat(100) }))).toBe('Header Field Too Large');
    expect(reason(subscribeText({ X: Array(7).fill('x'.repeat(90)) }))).toBe('Header Fields Too Large');
    expect(
      parseMessage(`${subscribeText({ 'Content-Length': null })}${'b'.repeat(11)}`, limits),
    ).toMatchObject({
      status: 413,
      reason: 'Request Entity Too Large',
    });
  });

  test('a Content-Length beyond the limit with 413, before any of the body has come (RFC 3261 §21.4.11)', () => {
    const limits = { ...parseLimits, bodyOctets: 10 };
    expect(parseMessage(subscribeText({ 'Content-Length': '11' }), limits)).toMatchObject({ status: 413 });
  });

  test.each([
    ['nothing', ''],
    ['a keep-alive', '\r\n\r\n'],
    ['HTTP', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a response with a broken status', 'SIP/2.0 20 OK\r\n\r\n'],
    ['a response of another version', 'SIP/3.0 200 OK\r\n\r\n'],
    ['a status out of range', 'SIP/2.0 700 x\r\n\r\n'],
    ['STUN', '\x00\x01\x00\x00!\x12\xa4B\n'],
  ])('%s without anything to answer', (_, text) => {
    expect(parseMessage(text)).toMatchObject({ kind: 'fault', request: null });
  });

  test('a response that is malformed without anything to answer', () => {
    expect(faultOf('SIP/2.0 200 OK\r\nl: 9\r\n\r\n').request).toBeNull();
  });
});

describe('parseMessage() survives', () => {
  test('any octets: it never throws, and nothing it reads holds a line end', () => {
    fc.assert(
      fc.property(fc.oneof(octets(), hostile(PIECES)), (text) => {
        const result = parseMessage(text);
        const read = result.kind === 'message' ? result.message : result.request;
        expect(read?.headers.some((each) => /[\r\n]/.test(each)) ?? false).toBe(false);
        if (read?.kind === 'request') expect(read.uri).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 1000 },
    );
  });

  test('one octet changed, left out or doubled anywhere in a request', () => {
    const text = `${subscribeText({ 'Content-Length': '3', 'X-Folded': 'a\r\n b' })}abc`;
    const place = fc.nat(text.length - 1);
    fc.assert(
      fc.property(place, octets(2), (at, replacement) => {
        const result = parseMessage(text.slice(0, at) + replacement + text.slice(at + 1));
        expect(['message', 'fault']).toContain(result.kind);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['blank lines', '\r\n'.repeat(100_000)],
    ['folds', `OPTIONS sip:a SIP/2.0\nA: b${'\n c'.repeat(30_000)}\n\n`],
    ['names without colons', `OPTIONS sip:a SIP/2.0\n${'a\n'.repeat(30_000)}\n`],
    ['one endless line', 'a'.repeat(200_000)],
    ['quotes', `OPTIONS sip:a SIP/2.0\nFrom: ${'"\\'.repeat(50_000)}\n\n`],
  ])('200 kB of %s in linear time', (_, text) => {
    const started = performance.now();
    parseMessage(text, { ...parseLimits, fields: 1e6, fieldOctets: 1e6, headOctets: 1e6 });
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
