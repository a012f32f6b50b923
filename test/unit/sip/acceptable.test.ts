import { expect, test } from 'vitest';
import { acceptable } from '../../../src/sip/acceptable.ts';
import { type MediaRange, parseMediaRange, parseMediaType } from '../../../src/sip/media-type.ts';

const PIDF = 'application/pidf+xml';
const XPIDF = 'application/xpidf+xml';

const ranges = (...texts: string[]): readonly MediaRange[] =>
  texts.map(parseMediaRange).filter((range) => range !== null);

test.each([
  ['no Accept: the default', null, PIDF],
  ['an empty Accept', [], null],
  ['the type itself', ranges('Application/XPIDF+xml'), XPIDF],
  ['another type only', ranges('text/plain'), null],
  ['application/*', ranges('application/*'), PIDF],
  ['text/*', ranges('text/*'), null],
  ['*/*', ranges('text/plain', '*/*'), PIDF],
  ['both: ours first', ranges(XPIDF, PIDF), PIDF],
  ['a preference by q', ranges(`${PIDF};q=0.2`, `${XPIDF};q=0.9`), XPIDF],
  ['q=0: never', ranges(`${PIDF};q=0`), null],
  [
    'q=0 beside a wildcard: all but that (the most specific range decides)',
    ranges('*/*', `${PIDF};q=0.0`),
    XPIDF,
  ],
])('acceptable() with %s (RFC 3261 §20.1)', (_, accept, expected) => {
  expect(acceptable(accept, [PIDF, XPIDF])).toBe(expected);
});

test('acceptable() has nothing to choose from nothing', () => {
  expect(acceptable(null, [])).toBeNull();
});

test.each(['', 'application', '/xml', 'application/', 'a/b/c', 'a b/c', 'a/b;q=2', 'a/b;q=', 'a/b;;'])(
  'parseMediaRange() refuses "%s"',
  (text) => {
    expect(parseMediaRange(text)).toBeNull();
  },
);

test('parseMediaType() leaves out parameters and case', () => {
  expect(parseMediaType('Application / PIDF+xml ; charset="utf-8"')).toBe(PIDF);
});
