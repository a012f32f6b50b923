import { describe, expect, test } from 'vitest';
import { sealOf } from '../../../../src/digest-hash.ts';
import { judgeNonce, makeNonce } from '../../../../src/sip/digest/nonce.ts';
import { NonceCounts } from '../../../../src/sip/digest/nonce-counts.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const SCOPE = { realm: 'acme.example', address: '192.0.2.10' };
const seal = sealOf('a secret of all nodes');

function made(secret = seal) {
  return makeNonce(secret, SCOPE, { now: NOW, random: 'r4nd0m' });
}

function judged(nonce: string, change: { now?: number; realm?: string; address?: string } = {}) {
  return judgeNonce(seal, nonce, { ...SCOPE, now: NOW, lifetimeMs: 3_600_000, ...change });
}

describe('a nonce', () => {
  test('is fresh on any node with the secret, for its lifetime', () => {
    expect(judged(made())).toEqual({ kind: 'fresh', madeAt: NOW });
    expect(judged(made(sealOf('a secret of all nodes')), { now: NOW + 3_599_999 }).kind).toBe('fresh');
  });

  test('is expired afterwards, but still ours', () => {
    expect(judged(made(), { now: NOW + 3_600_000 })).toEqual({ kind: 'expired' });
  });

  test('proves an address: from another one it is not fresh', () => {
    expect(judged(made(), { address: '192.0.2.11' })).toEqual({ kind: 'moved' });
  });

  test('is forged for another realm, by another secret, and with any part changed', () => {
    expect(judged(made(), { realm: 'other.example' }).kind).toBe('forged');
    expect(judged(made(sealOf('another secret'))).kind).toBe('forged');
    const nonce = made();
    for (let index = 0; index < nonce.length; index += 1) {
      const changed = `${nonce.slice(0, index)}${nonce[index] === 'a' ? 'b' : 'a'}${nonce.slice(index + 1)}`;
      expect(judged(changed).kind).toBe('forged');
    }
    for (const text of ['', '....', 'x', `${nonce}.`, nonce.slice(1)])
      expect(judged(text).kind).toBe('forged');
  });

  test('is short, for challenges must not be longer than requests', () => {
    expect(made().length).toBeLessThan(42);
  });
});

describe('NonceCounts', () => {
  test('RFC 7616 §3.4.5: takes each count of a nonce once, also when they overtake each other', () => {
    const counts = new NonceCounts(NOW, 10);
    const use = (count: number) => counts.use('n', NOW + 1, count);
    expect([use(1), use(1), use(2)]).toEqual([true, false, true]);
    expect([use(40), use(9), use(39), use(39), use(10), use(8)]).toEqual([
      true,
      true,
      true,
      false,
      true,
      false,
    ]);
    expect([use(0xffffffff), use(0xffffffff), use(40)]).toEqual([true, false, false]);
  });

  test('does not know what was used before it was made', () => {
    const counts = new NonceCounts(NOW, 10);
    expect(counts.use('n', NOW, 5)).toBe(false);
    expect(counts.use('n', NOW + 1, 5)).toBe(true);
  });

  test('remembers so many nonces only, and takes none that it may have forgotten', () => {
    const counts = new NonceCounts(NOW, 2);
    expect([1, 2, 3].map((at) => counts.use(`n${at}`, NOW + at, 1))).toEqual([true, true, true]);
    expect(counts.use('n1', NOW + 1, 2)).toBe(false);
    expect(counts.use('n2', NOW + 2, 2)).toBe(true);
    expect(counts.use('n4', NOW + 4, 1)).toBe(true);
  });
});
