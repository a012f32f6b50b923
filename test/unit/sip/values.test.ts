import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCseq } from '../../../src/sip/cseq.ts';
import { parseEvent } from '../../../src/sip/event.ts';
import { reasonOf } from '../../../src/sip/status.ts';
import { fromUtf8, toUtf8 } from '../../../src/sip/utf8.ts';
import { octets } from './arbitrary.ts';

describe('parseCseq()', () => {
  test.each([
    ['1 SUBSCRIBE', 1, 'SUBSCRIBE'],
    ['0009\t  INVITE', 9, 'INVITE'],
    ['4294967296 x~y', 4294967296, 'x~y'],
  ])('reads %j (RFC 3261 §20.16)', (text, number, method) => {
    expect(parseCseq(text)).toEqual({ number, method });
  });

  test.each([
    [''],
    ['1'],
    ['SUBSCRIBE'],
    ['-1 A'],
    ['1.0 A'],
    ['36893488147419103232 A'],
    ['1 A B'],
    ['1 A;b'],
  ])('refuses %j', (text) => {
    expect(parseCseq(text)).toBeNull();
  });
});

describe('parseEvent()', () => {
  test.each([
    ['dialog', { package: 'dialog', id: null, params: [] }],
    ['Presence', { package: 'presence', id: null, params: [] }],
    [' presence.winfo ;ID=7;max-rate=2', { package: 'presence.winfo', id: '7', params: [['max-rate', '2']] }],
  ])('reads %j (RFC 6665 §8.2.1)', (text, expected) => {
    expect(parseEvent(text)).toEqual(expected);
  });

  test.each([[''], [';id=1'], ['dialog, presence'], ['dialog;id=1;id=2'], ['dia log']])(
    'refuses %j',
    (text) => {
      expect(parseEvent(text)).toBeNull();
    },
  );
});

test('parseCseq() and parseEvent() take any octets without throwing', () => {
  fc.assert(
    fc.property(octets(), (text) => {
      parseCseq(text);
      parseEvent(text);
    }),
  );
});

describe('UTF-8', () => {
  test('fromUtf8() gives back what toUtf8() took, emoji and long text included', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(text, (each) => {
        expect(fromUtf8(toUtf8(each))).toBe(each);
      }),
    );
    const long = '\u{1F4A1}\ufeff\u00fc'.repeat(20_000);
    expect(fromUtf8(toUtf8(long))).toBe(long);
  });

  test('toUtf8() gives one character per octet', () => {
    expect(toUtf8('\u00fc\u{1F4A1}')).toBe('\xc3\xbc\xf0\x9f\x92\xa1');
  });

  test('what is no UTF-8, and lone surrogates, become U+FFFD', () => {
    expect(fromUtf8('a\xff\xc3')).toBe('a\ufffd\ufffd');
    expect(toUtf8('\ud800')).toBe('\xef\xbf\xbd');
  });
});

test('reasonOf() gives the phrase of RFC 3261 §21, or of the class', () => {
  expect([200, 423, 489, 481].map(reasonOf)).toEqual([
    ...['OK', 'Interval Too Brief', 'Bad Event', 'Call/Transaction Does Not Exist'],
  ]);
  expect([299, 499, 699].map(reasonOf)).toEqual(['Success', 'Request Failure', 'Global Failure']);
  expect(reasonOf(0)).toBe('Unknown');
});
