import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BUCKETS,
  bucketOf,
  formatResource,
  makeResource,
  parseResource,
} from '../../../src/presence/resource.ts';

describe('parseResource()', () => {
  it('puts an ID without a realm into the realm given', () => {
    expect(parseResource('1001', 'acme.example')).toEqual({ realm: 'acme.example', user: '1001' });
  });

  it('lets user@realm name its own realm, host in lower case', () => {
    expect(parseResource('night@ACME.example', 'other')).toEqual({ realm: 'acme.example', user: 'night' });
  });

  it('compares users without case unless the operator keeps it', () => {
    expect(parseResource('Night', 'r')?.user).toBe('night');
    expect(parseResource('Night', 'r', 'sensitive')?.user).toBe('Night');
  });

  it.each(['', ' ', 'a@b@c', '@realm', 'a\u0000', 'a\ud83d', 'x'.repeat(129)])('refuses %j', (id) => {
    expect(parseResource(id, 'r')).toBeNull();
  });
});

describe('bucketOf()', () => {
  it('spreads resources over all buckets, the same one for the same resource', () => {
    const counts = new Array<number>(BUCKETS).fill(0);
    for (let index = 0; index < BUCKETS * 20; index += 1) {
      const bucket = bucketOf({ realm: 'acme.example', user: String(1000 + index) });
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    expect(Math.max(...counts)).toBeLessThan(80);
    expect(counts.filter((count) => count === 0)).toHaveLength(0);
  });

  it('stays within its range for any resource, however odd', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (user, realm) => {
        const resource = makeResource(user, realm);
        if (resource === null) return;
        const bucket = bucketOf(resource);
        expect(bucket).toBeGreaterThanOrEqual(0);
        expect(bucket).toBeLessThan(BUCKETS);
        expect(bucketOf({ ...resource })).toBe(bucket);
        expect(parseResource(formatResource(resource), 'other')).toEqual(resource);
      }),
    );
  });
});
