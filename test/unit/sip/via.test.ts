import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatVia, parseVia, type Via } from '../../../src/sip/via.ts';
import { host, hostile, octets, params, port, token } from './arbitrary.ts';

const plain: Via = {
  transport: 'UDP',
  host: '192.0.2.1',
  port: null,
  branch: null,
  received: null,
  rport: undefined,
  params: [],
};

describe('parseVia() reads', () => {
  const cases: [string, Partial<Via>][] = [
    ['SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1', { port: 5060, branch: 'z9hG4bK1' }],
    ['SIP/2.0/tcp Phone.Example.com', { transport: 'TCP', host: 'phone.example.com' }],
    [
      'SIP  / 2.0\t/ UDP   192.0.2.1 : 4000 ;ttl=16 ; maddr=224.2.0.1',
      {
        port: 4000,
        params: [
          ['ttl', '16'],
          ['maddr', '224.2.0.1'],
        ],
      },
    ],
    [
      'SIP/2.0/WSS df7jal23ls0d.invalid;rport;branch=b',
      { transport: 'WSS', host: 'df7jal23ls0d.invalid', rport: null, branch: 'b' },
    ],
    ['SIP/2.0/UDP 192.0.2.1;rport=1024;received=198.51.100.1', { rport: 1024, received: '198.51.100.1' }],
    [
      'SIP/2.0/UDP [2001:DB8::1]:5060;received=2001:db8::2',
      { host: '[2001:db8::1]', port: 5060, received: '2001:db8::2' },
    ],
  ];
  test.each(cases)('%j (RFC 3261 §20.42)', (text, expected) => {
    expect(parseVia(text)).toEqual({ ...plain, ...expected });
  });

  test('whatever formatVia() wrote', () => {
    const via = fc.record({
      transport: fc.constantFrom('UDP', 'TCP', 'WS'),
      host,
      port,
      branch: fc.option(token),
      received: fc.option(fc.constantFrom('192.0.2.7', '2001:db8::7')),
      rport: fc.option(fc.option(fc.nat(65_535)), { nil: undefined }),
      params: params.map((each) => each.filter(([name]) => !['branch', 'received', 'rport'].includes(name))),
    });
    fc.assert(
      fc.property(via, (each) => {
        expect(parseVia(formatVia(each))).toEqual(each);
      }),
    );
  });
});

describe('parseVia() refuses', () => {
  test.each([
    ['nothing', ''],
    ['another protocol', 'HTTP/2.0/TCP a'],
    ['another version', 'SIP/3.0/UDP a'],
    ['no transport', 'SIP/2.0/ a'],
    ['no sent-by', 'SIP/2.0/UDP ;branch=x'],
    ['a broken port', 'SIP/2.0/UDP a:x'],
    ['empty parameters (RFC 4475 §3.1.2.1)', 'SIP/2.0/UDP 192.0.2.15;;,;,,'],
    ['an rport that is no number', 'SIP/2.0/UDP a;rport=x'],
    ['two branches', 'SIP/2.0/UDP a;branch=1;Branch=2'],
    ['a list', 'SIP/2.0/UDP a;branch=1, SIP/2.0/UDP b'],
  ])('%s', (_, text) => {
    expect(parseVia(text)).toBeNull();
  });

  test('or reads any octets, without throwing', () => {
    const pieces = [
      'SIP/2.0/UDP ',
      'a',
      ':',
      '5060',
      ';',
      'rport',
      'branch',
      '=',
      '[',
      ']',
      '/',
      ' ',
      '"',
      ',',
    ];
    fc.assert(
      fc.property(fc.oneof(octets(), hostile(pieces, 12)), (text) => {
        const via = parseVia(text);
        if (via !== null) expect(parseVia(formatVia(via))).toEqual(via);
      }),
      { numRuns: 2000 },
    );
  });
});
