import { describe, expect, it } from 'vitest';
import { CALM, type LoadLevel, overloadStep, putsOff, strainOf } from '../../../src/presence/overload.ts';

/** The levels that a series of strains leads through, one each 100 ms. */
function levels(...strains: readonly number[]): string {
  let state = CALM;
  return strains
    .map((strain, index) => {
      state = overloadStep(state, strain, 100 * index);
      return state.level;
    })
    .join(' ');
}

const times = (count: number, strain: number) => Array.from({ length: count }, () => strain);

describe('strainOf()', () => {
  it('is the larger of lag and queues, each as a multiple of what is allowed', () => {
    const limits = { lagMs: 200, requests: 2000 };
    expect(strainOf({ lagMs: 100, requests: 200, untold: 0 }, limits)).toBe(0.5);
    expect(strainOf({ lagMs: 20, requests: 8000, untold: 0 }, limits)).toBe(4);
  });

  it('takes a change that 10,000 phones wait for as half of what is allowed, and no number of them as more than full', () => {
    const limits = { lagMs: 200, requests: 2000 };
    expect(strainOf({ lagMs: 20, requests: 100, untold: 10_000 }, limits)).toBe(0.5);
    expect(strainOf({ lagMs: 20, requests: 100, untold: 20_000 }, limits)).toBe(1);
    expect(strainOf({ lagMs: 20, requests: 100, untold: 1_000_000 }, limits)).toBe(4);
  });
});

describe('overloadStep()', () => {
  it('stays calm below the limit', () => {
    expect(levels(0, 0.99, 0.5)).toBe('calm calm calm');
  });

  it('rises at once, also two levels', () => {
    expect(levels(1, 4, 4)).toBe('busy full full');
    expect(levels(5)).toBe('full');
  });

  it('does not fall while the load is above half of where its level began', () => {
    expect(levels(1, ...times(30, 0.5)).endsWith('busy')).toBe(true);
    expect(levels(4, ...times(30, 2)).endsWith('full')).toBe(true);
  });

  it('falls level by level, each after a second of relief', () => {
    const path = levels(4, ...times(23, 0)).split(' ');
    expect([path.lastIndexOf('full'), path.lastIndexOf('busy'), path.at(-1)]).toEqual([10, 21, 'calm']);
  });

  it('begins the second anew when the load comes back', () => {
    expect(levels(1, ...times(9, 0), 0.6, ...times(9, 0)).endsWith('busy')).toBe(true);
  });

  it('hands back the same state when nothing changes', () => {
    expect(overloadStep(CALM, 0.2, 5)).toBe(CALM);
    const busy = overloadStep(CALM, 1, 0);
    expect(overloadStep(busy, 0.9, 50)).toBe(busy);
  });
});

describe('putsOff()', () => {
  const judge = (level: LoadLevel, kind: 'subscribe' | 'refresh' | 'publish', leftMs: number | null = null) =>
    putsOff(level, 1, { kind, leftMs });

  it('takes everything while it is calm', () => {
    expect([
      judge('calm', 'subscribe'),
      judge('calm', 'refresh', 3_600_000),
      judge('calm', 'publish'),
    ]).toEqual([false, false, false]);
  });

  it('puts off new subscriptions first, and nothing else', () => {
    expect([
      judge('busy', 'subscribe'),
      judge('busy', 'refresh', 3_600_000),
      judge('busy', 'publish'),
    ]).toEqual([true, false, false]);
  });

  it('puts off refreshes and new publications last', () => {
    expect([judge('full', 'refresh', 3_600_000), judge('full', 'publish')]).toEqual([true, true]);
  });

  it('never puts off a refresh that could come too late then, or of which that is not known', () => {
    // RFC 6665 §4.1.2.2: after 503 the subscription goes on for what it has left.
    expect([judge('full', 'refresh', 200_000), judge('full', 'refresh', null)]).toEqual([false, false]);
  });

  it('takes nothing in at all when even that would only fill the memory', () => {
    expect(putsOff('full', 16, { kind: 'refresh', leftMs: null })).toBe(true);
  });
});
