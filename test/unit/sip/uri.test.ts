import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { escapeUser, formatUri, parseUri, type SipUri, schemeOf, unescapeUri } from '../../../src/sip/uri.ts';
import { host, hostile, octets, params, port } from './arbitrary.ts';

const bare = { scheme: 'sip', user: null, host: 'b', password: null, port: null, params: [], headers: null };

describe('parseUri() reads', () => {
  const cases: [string, Partial<SipUri>][] = [
    ['sip:alice@Example.COM', { user: 'alice', host: 'example.com' }],
    ['SIPS:example.com', { scheme: 'sips', host: 'example.com' }],
    [
      'sip:alice:secret@example.com:5070',
      { user: 'alice', password: 'secret', host: 'example.com', port: 5070 },
    ],
    ['sip:[2001:DB8::9:1]:5080', { host: '[2001:db8::9:1]', port: 5080 }],
    ['sip:1001@[::1];transport=tcp', { user: '1001', host: '[::1]', params: [['transport', 'tcp']] }],
    [
      'sip:a@b;LR;x=Y?subject=a&b=c',
      {
        user: 'a',
        params: [
          ['lr', null],
          ['x', 'Y'],
        ],
        headers: 'subject=a&b=c',
      },
    ],
    ['sip:%2330@b', { user: '%2330' }],
    ['sip:user;par=u%40example.net@example.com', { user: 'user;par=u%40example.net', host: 'example.com' }],
    ['sip:#30*@b', { user: '#30*' }],
    ['sip:j\xc3\xb6rg@b', { user: 'j\xc3\xb6rg' }],
  ];
  test.each(cases)('"%s" (RFC 3261 §19.1.1)', (text, expected) => {
    expect(parseUri(text)).toEqual({ ...bare, ...expected });
  });

  test('whatever formatUri() wrote', () => {
    const user = fc.constantFrom('alice', '%2330', 'a;b?c/d', '+49', '&=+$,');
    const uri = fc.record({
      scheme: fc.constantFrom('sip' as const, 'sips' as const),
      user,
      password: fc.option(fc.constantFrom('', 'secret')),
      host,
      port,
      params,
      headers: fc.option(fc.constantFrom('', 'a=b&c=d')),
    });
    fc.assert(
      fc.property(uri, (each) => {
        expect(parseUri(formatUri(each))).toEqual(each);
      }),
    );
  });
});

describe('parseUri() refuses', () => {
  test.each([
    ['another scheme', 'tel:+1234'],
    ['no scheme', 'alice@example.com'],
    ['no host', 'sip:alice@'],
    ['an empty user part', 'sip:@example.com'],
    ['two @, of which readers take different ones', 'sip:alice@good.example@evil.example'],
    ['an @ behind the host', 'sip:alice@good.example;x=@evil.example'],
    ['a blank', 'sip:alice@example.com; lr'],
    ['a line end', 'sip:alice@example.com\r\nVia: x'],
    ['a bracket', 'sip:alice@example.com>'],
    ['a port that is none', 'sip:alice@example.com:99999'],
    ['an empty port', 'sip:alice@example.com:'],
    ['a host with other octets', 'sip:alice@exa$mple.com'],
    ['an IPv6 address without its end', 'sip:alice@[::1'],
    ['text behind an IPv6 address', 'sip:alice@[::1]x'],
    ['an empty parameter', 'sip:alice@example.com;;lr'],
    ['a repeated parameter', 'sip:alice@example.com;maddr=1.1.1.1;Maddr=2.2.2.2'],
    ['a hundred parameters', `sip:a@b${Array.from({ length: 100 }, (_, n) => `;p${n}`).join('')}`],
  ])('%s', (_, text) => {
    expect(parseUri(text)).toBeNull();
  });

  test('or reads any octets, without throwing; what it reads holds no line end', () => {
    const pieces = ['sip:', 'sips:', '@', ':', ';', '=', '?', '[', ']', '%', 'a', '1', '\r\n', ' ', '<', '>'];
    fc.assert(
      fc.property(fc.oneof(octets(), hostile(pieces, 12)), (text) => {
        const uri = parseUri(text);
        if (uri !== null) expect(parseUri(formatUri(uri))).toEqual(uri);
        if (uri !== null) expect(formatUri(uri)).not.toMatch(/[\s<>"]/);
      }),
      { numRuns: 2000 },
    );
  });
});

test('schemeOf() gives the scheme of any URI in lower case, null without one', () => {
  expect(['TEL:+1', 'sip:a', 'nobodyKnowsThisScheme:x', ':a', '1a:b', 'sip'].map(schemeOf)).toEqual([
    ...['tel', 'sip', 'nobodyknowsthisscheme'],
    ...[null, null, null],
  ]);
});

test('unescapeUri() resolves escapes to octets and leaves malformed ones', () => {
  expect(unescapeUri('%2330%c3%B6')).toBe('#30\xc3\xb6');
  expect(unescapeUri('100%')).toBe('100%');
  expect(unescapeUri('%zz%2')).toBe('%zz%2');
  expect(unescapeUri('%2525')).toBe('%25');
});

describe('escapeUser()', () => {
  it.each([
    ['1001', '1001'],
    ['+4930', '+4930'],
    ['#30', '%2330'],
    ['a b', 'a%20b'],
    ['t\u00fcr', 't%C3%BCr'],
    ['a;b/c?d', 'a%3Bb%2Fc%3Fd'],
    ["o'hara&=$,", "o'hara&=$,"],
  ])('writes %s as %s (RFC 3261 §25.1, user)', (text, escaped) => {
    expect(escapeUser(text)).toBe(escaped);
    expect(parseUri(`sip:${escaped}@x.example`)?.user).toBe(escaped);
  });
});
