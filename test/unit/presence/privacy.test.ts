import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesGlob } from '../../../src/presence/glob.ts';
import {
  isSameWatcher,
  mayDial,
  mayPublish,
  type PrivacyRules,
  sightOf,
} from '../../../src/presence/privacy.ts';

const BOSS = { realm: 'acme.example', user: '100' };
const NONE: PrivacyRules = { watch: {}, publish: {}, otherwise: 'all' };
const RULES: PrivacyRules = {
  otherwise: 'all',
  watch: {
    'acme.example': [
      { watchers: ['101'], ids: ['1*'], see: 'all' },
      { watchers: ['*', '*@branch.example'], ids: ['100'], see: 'lamp' },
      { watchers: ['2*'], ids: ['*'], see: 'nothing' },
      { watchers: ['*'], ids: ['9*'], see: 'refuse' },
    ],
  },
  publish: { 'acme.example': [{ publishers: ['pbx', 'gate@branch.example'], ids: ['3*'] }] },
};

describe('who may watch', () => {
  test('RFC 3856 §6.6.2: without rules, whoever is of the realm sees all, and nobody else', () => {
    expect(sightOf('200@acme.example', BOSS, NONE)).toBe('all');
    expect(sightOf('200@other.example', BOSS, NONE)).toBe('refuse');
    expect(sightOf('200@acme.example.evil', BOSS, NONE)).toBe('refuse');
  });

  test('a network that is trusted sees all, rules or not', () => {
    expect(sightOf(null, BOSS, RULES)).toBe('all');
  });

  test('the operator says what everybody sees where no rule does; the owner sees all', () => {
    const rules = { ...NONE, otherwise: 'lamp' as const };
    expect(sightOf(null, BOSS, rules)).toBe('lamp');
    expect(sightOf('200@acme.example', BOSS, rules)).toBe('lamp');
    expect(sightOf('100@acme.example', BOSS, rules)).toBe('all');
    expect(sightOf('200@other.example', BOSS, rules)).toBe('refuse');
  });

  test.each([
    ['101@acme.example', '100', 'all'],
    ['102@acme.example', '100', 'lamp'],
    ['5@branch.example', '100', 'lamp'],
    ['5@branch.example', '101', 'refuse'],
    ['201@acme.example', '300', 'nothing'],
    ['102@acme.example', '911', 'refuse'],
    ['102@acme.example', '300', 'all'],
  ] as const)('the first rule that fits counts: %s sees of %s %s', (identity, user, see) => {
    expect(sightOf(identity, { ...BOSS, user }, RULES)).toBe(see);
  });

  test('RFC 4235 §3.6: the owner sees everything, whatever the rules say', () => {
    expect(sightOf('911@acme.example', { ...BOSS, user: '911' }, RULES)).toBe('all');
  });

  test('a realm whose name is a property of every object has no rules', () => {
    expect(sightOf('x@constructor', { realm: 'constructor', user: 'y' }, RULES)).toBe('all');
  });
});

describe('who may publish', () => {
  test.each([
    [null, '100', true],
    ['100@acme.example', '100', true],
    ['101@acme.example', '100', false],
    ['100@other.example', '100', false],
    ['pbx@acme.example', '301', true],
    ['pbx@acme.example', '100', false],
    ['gate@branch.example', '301', true],
  ])('%s for %s: %s', (identity, user, may) => {
    expect(mayPublish(identity, { ...BOSS, user }, RULES)).toBe(may);
  });
});

test('callflows are for those of their realm', () => {
  expect([mayDial(null, 'a'), mayDial('1@a', 'a'), mayDial('1@b', 'a')]).toEqual([true, true, false]);
});

test('a subscription belongs to whom has made it; a trusted network speaks for all', () => {
  expect(isSameWatcher('1@a', '1@a')).toBe(true);
  expect(isSameWatcher('2@a', '1@a')).toBe(false);
  expect([isSameWatcher(null, '1@a'), isSameWatcher('1@a', null)]).toEqual([true, true]);
});

describe('matchesGlob()', () => {
  test.each([
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['1*', '100', true],
    ['1*', '2100', false],
    ['*0*0', '100', true],
    ['*a*b', 'aab', true],
    ['*a*b', 'aba', false],
    ['a.c', 'abc', false],
    ['**', 'x', true],
  ])('%j fits %j: %s', (pattern, text, fits) => {
    expect(matchesGlob(pattern, text)).toBe(fits);
  });

  test('agrees with a regular expression, whatever the pattern', () => {
    const piece = fc.constantFrom('a', 'b', '*');
    fc.assert(
      fc.property(
        fc.string({ unit: piece, maxLength: 8 }),
        fc.string({ unit: piece, maxLength: 12 }),
        (one, other) => {
          const text = other.replaceAll('*', 'c');
          expect(matchesGlob(one, text)).toBe(new RegExp(`^${one.replaceAll('*', '.*')}$`).test(text));
        },
      ),
    );
  });

  test('is fast where a backtracking matcher is not', () => {
    expect(matchesGlob('*a'.repeat(100), 'a'.repeat(300).concat('b'))).toBe(false);
  });
});
