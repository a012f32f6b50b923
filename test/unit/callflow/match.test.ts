import { describe, expect, it } from 'vitest';
import { matchNumber } from '../../../src/callflow/match.ts';
import { callflowWith, compile } from '../../support/callflow.ts';

const exact = callflowWith({ id: 'exact', numbers: ['*741001'] });
const capture = callflowWith({ id: 'capture', numbers: [], patterns: ['^\\*74([0-9]*)$'] });
const shorter = callflowWith({ id: 'shorter', numbers: [], patterns: ['^\\*7410([0-9]+)$'] });
const rest = callflowWith({ id: 'rest', numbers: ['no_match'] });

function match(number: string, ...callflows: readonly ReturnType<typeof callflowWith>[]) {
  const found = matchNumber(number, callflows, compile);
  return found === null ? null : [found.callflow.id, found.capture];
}

describe('matchNumber()', () => {
  it('takes the exact number before any pattern', () => {
    expect(match('*741001', capture, rest, exact)).toEqual(['exact', null]);
  });

  it('takes the pattern with the longest capture', () => {
    expect(match('*741002', shorter, capture)).toEqual(['capture', '1002']);
    expect(match('*741002', capture, shorter)).toEqual(['capture', '1002']);
  });

  it('takes the first of two equal ones', () => {
    expect(match('*741002', capture, { ...capture, id: 'second' })).toEqual(['capture', '1002']);
  });

  it('captures what the whole pattern covers when it has no group, as Kazoo does', () => {
    expect(match('*30', callflowWith({ id: 'a', numbers: [], patterns: ['^\\*30$'] }))).toEqual(['a', '*30']);
  });

  it('captures the longest of several groups', () => {
    expect(
      match('*81-1001', callflowWith({ id: 'a', numbers: [], patterns: ['^\\*8(1)-([0-9]+)$'] })),
    ).toEqual(['a', '1001']);
  });

  it('gives the named groups', () => {
    const named = callflowWith({ numbers: [], patterns: ['^\\*9(?P<who>[0-9]+)$'] });
    expect(matchNumber('*91001', [named], compile)?.named).toEqual({ who: '1001' });
  });

  it('takes no_match last, for digits after an optional + only', () => {
    expect(match('5551234', capture, rest)).toEqual(['rest', null]);
    expect(match('+15551234', rest)).toEqual(['rest', null]);
    expect(match('*99', rest)).toBeNull();
    expect(match('alice', rest)).toBeNull();
    expect(match('', rest)).toBeNull();
    expect(match('no_match', rest)).toBeNull();
  });

  it('passes a pattern that cannot be run', () => {
    expect(match('(', callflowWith({ numbers: [], patterns: ['('] }), rest)).toBeNull();
  });

  it('looks at no text that is longer than anybody dials', () => {
    const any = callflowWith({ id: 'any', numbers: [], patterns: ['^1+$'] });
    expect(match('1'.repeat(256), any)).toEqual(['any', '1'.repeat(256)]);
    expect(match('1'.repeat(257), any)).toBeNull();
  });

  it('is not slowed down by a pattern that backtracks', () => {
    const slow = callflowWith({ numbers: [], patterns: ['^(a+)+$'] });
    const begun = performance.now();
    expect(match(`${'a'.repeat(200)}!`, slow)).toBeNull();
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
