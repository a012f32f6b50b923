import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { patternSize } from '../../../src/callflow/pattern-size.ts';

const atom = fc.constantFrom(
  ...[
    'a',
    '1',
    '.',
    '\\d',
    '\\W',
    '[^a]',
    '[]a-z]',
    '[\\]]',
    '[[:alpha:]b]',
    '\\b',
    '^',
    '\\x41',
    '\\x{1F}',
    '\\Qa(b\\E',
    '\\(',
    'ö',
    '{',
    '{2',
  ],
);
const quantifier = fc.constantFrom(
  ...['', '', '', '*', '+?', '?', '{2}', '{0,3}', '{5,}', '{10}', '{1,50}', '{0}', '{,3}'],
);
const pattern = fc.letrec<{ alternatives: string; quantified: string }>((tie) => ({
  alternatives: fc
    .array(tie('quantified'), { maxLength: 5 })
    .chain((parts) => fc.constantFrom('', '|').map((between) => parts.join(between))),
  quantified: fc
    .tuple(
      fc.oneof(
        { depthSize: 'small' },
        atom,
        tie('alternatives').map((inner) => `(${inner})`),
        tie('alternatives').map((inner) => `(?i:${inner})`),
        tie('alternatives').map((inner) => `(?P<name>${inner})`),
      ),
      quantifier,
    )
    .map((parts) => parts.join('')),
})).alternatives;

/** Instructions of every program: to fail, to match, and one for an empty one. */
const FRAME = 3;

/** The instructions of a program; null for what RE2 does not take. */
function programSize(text: string): number | null {
  try {
    return RE2JS.compile(text).programSize();
  } catch {
    return null;
  }
}

describe('patternSize()', () => {
  it('is at least the size of the program, but for its frame', () => {
    fc.assert(
      fc.property(pattern, (text) => {
        fc.pre(text.length <= 256 && patternSize(text) < 5000);
        const size = programSize(text);
        fc.pre(size !== null);
        expect(patternSize(text) + FRAME).toBeGreaterThanOrEqual(size ?? 0);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['^\\*30$', 5],
    ['^\\*(?P<feature>[0-9]{2})([0-9]{1,15})$', 50],
    ['^\\+?1?([2-9][0-9]{2}[2-9][0-9]{6})$', 50],
  ])('is small for what is dialled: %s', (text, most) => {
    expect(patternSize(text)).toBeLessThanOrEqual(most);
  });

  it.each(['(.{1,100}){1,10}', 'x{1000}', '(((a{9}){9}){9})', `${'x'.repeat(99)}{999}`])(
    'grows with what is written out: %s',
    (text) => {
      expect(patternSize(text)).toBeGreaterThan(700);
    },
  );

  it.each([
    '\\pL',
    '(?i)\\p{Greek}',
    '\\PN',
    '[\\pL]',
    '[\\x{100}-\\x{10ffff}]',
    '[^ö]',
    '[\\xff]',
    '[Ā-\u{10ffff}]',
  ])('is infinite for classes beyond ASCII: %s', (text) => {
    expect(patternSize(text)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is found in no time, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'()[]{}\\*+?|^:Qx1,Ea'), maxLength: 256 }), (text) => {
        expect(patternSize(text)).toBeGreaterThanOrEqual(0);
      }),
    );
    for (const text of ['\\Q', '[', '(', '{1', '[[:', '\\x{', '(?P<']) {
      expect(patternSize(text.repeat(64).slice(0, 256))).toBeGreaterThanOrEqual(0);
    }
  });
});
