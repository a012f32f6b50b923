import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatNameAddr, parseNameAddr, withoutTag } from '../../../src/sip/name-addr.ts';
import { hostile, octets, params, quotable } from './arbitrary.ts';

describe('parseNameAddr() reads', () => {
  const cases: [string, ReturnType<typeof parseNameAddr>][] = [
    ['<sip:a@b>', { display: null, uri: 'sip:a@b', params: [] }],
    ['"A. G. Bell" <sip:a@b>;tag=x', { display: 'A. G. Bell', uri: 'sip:a@b', params: [['tag', 'x']] }],
    ['"a \\"b\\" \\\\ <c>, ;" <sip:a@b>', { display: 'a "b" \\ <c>, ;', uri: 'sip:a@b', params: [] }],
    ['caller<sip:a@b>', { display: 'caller', uri: 'sip:a@b', params: [] }],
    ['Anna  Lee \t<sip:a@b>', { display: 'Anna  Lee', uri: 'sip:a@b', params: [] }],
    ['\xc3\x9cte <sip:a@b>', { display: '\xc3\x9cte', uri: 'sip:a@b', params: [] }],
    ['"" <sip:a@b>', { display: '', uri: 'sip:a@b', params: [] }],
    ['sip:a@b;tag=x', { display: null, uri: 'sip:a@b', params: [['tag', 'x']] }],
    [
      '<sip:a@b;lr>;X="y;z" ; tag = q',
      {
        display: null,
        uri: 'sip:a@b;lr',
        params: [
          ['x', '"y;z"'],
          ['tag', 'q'],
        ],
      },
    ],
    ['<sip:a,b;c?d@e>;flag', { display: null, uri: 'sip:a,b;c?d@e', params: [['flag', null]] }],
    [' tel:+12345 ', { display: null, uri: 'tel:+12345', params: [] }],
    ['<sip:a@b>;tag=', { display: null, uri: 'sip:a@b', params: [['tag', '']] }],
  ];
  test.each(cases)('%j (RFC 3261 §20.10)', (text, expected) => {
    expect(parseNameAddr(text)).toEqual(expected);
  });

  test('whatever formatNameAddr() wrote, any display name included', () => {
    const address = fc.record({
      display: fc.option(quotable),
      uri: fc.constantFrom('sip:a@b', 'sips:a;x@[::1]:5061;lr?a=b', 'tel:+1'),
      params,
    });
    fc.assert(
      fc.property(address, (each) => {
        expect(parseNameAddr(formatNameAddr(each))).toEqual(each);
      }),
    );
  });
});

describe('parseNameAddr() refuses', () => {
  test.each([
    ['nothing', ''],
    ['the asterisk of REGISTER', '*'],
    ['no URI in the brackets', '"A" <>'],
    ['a name alone', '"A"'],
    ['a bracket that never closes', '<sip:a@b'],
    ['a quote that never closes', '"A <sip:a@b>'],
    ['a comma in a name without quotes (RFC 4475 §3.1.2.15)', 'Bell, Alexander <sip:a@b>'],
    ['a URI with a question mark outside brackets (RFC 4475 §3.1.2.13)', 'sip:a@b?Route=x'],
    ['blanks within the brackets', '<sip:a b@c>'],
    ['text behind the brackets', '<sip:a@b> x'],
    ['no scheme', '<a@b>'],
    ['empty parameters (RFC 4475 §3.1.2.1)', '"Joe" <sip:joe@example.org>;;;;'],
    ['two tags, of which readers take different ones', '<sip:a@b>;tag=1;TAG=2'],
    ['a list', '<sip:a@b>, <sip:c@d>'],
  ])('%s', (_, text) => {
    expect(parseNameAddr(text)).toBeNull();
  });

  test('or reads any octets, without throwing', () => {
    const pieces = ['sip:a@b', '<', '>', '"', '\\', ';', '=', 'tag', ',', ' ', '\t', 'name', '?'];
    fc.assert(
      fc.property(fc.oneof(octets(), hostile(pieces, 12)), (text) => {
        const address = parseNameAddr(text);
        if (address !== null) expect(parseNameAddr(formatNameAddr(address))?.uri).toBe(address.uri);
      }),
      { numRuns: 2000 },
    );
  });
});

test('formatNameAddr() lets no line end of a display name onto the wire', () => {
  expect(formatNameAddr({ display: 'a\r\nVia: b', uri: 'sip:a@b', params: [] })).toBe(
    '"a  Via: b" <sip:a@b>',
  );
});

test('withoutTag() leaves out the tag only', () => {
  const address = parseNameAddr('"A" <sip:a@b;tag=1>;x=1;tag=2');
  expect(address && formatNameAddr(withoutTag(address))).toBe('"A" <sip:a@b;tag=1>;x=1');
});
