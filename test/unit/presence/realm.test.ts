import { describe, expect, it } from 'vitest';
import { realmOf } from '../../../src/presence/realm.ts';

const OPEN = { realms: {}, external: 'blf.example' };
const FIXED = { realms: { acme: ['acme.example', 'pbx.acme.example'], default: [] }, external: '' };

describe('realmOf() without a list', () => {
  it('makes each domain name a realm of its own, whatever its case', () => {
    expect(realmOf('ACME.example', OPEN)).toBe('acme.example');
    expect(realmOf('acme.example.', OPEN)).toBe('acme.example');
  });

  it.each(['192.0.2.7', '2001:db8::1', '[::1]', 'localhost', 'blf.example', ''])(
    'folds %j into default',
    (host) => {
      expect(realmOf(host, OPEN)).toBe('default');
    },
  );
});

describe('realmOf() with a list', () => {
  it('folds aliases into their realm', () => {
    expect(realmOf('PBX.acme.example', FIXED)).toBe('acme');
    expect(realmOf('acme', FIXED)).toBe('acme');
  });

  it('knows no other realm', () => {
    expect(realmOf('other.example', FIXED)).toBeNull();
  });

  it('serves addresses only when default is on the list', () => {
    expect(realmOf('192.0.2.7', FIXED)).toBe('default');
    expect(realmOf('192.0.2.7', { realms: { acme: [] }, external: '' })).toBeNull();
  });

  it('lets an address be an alias', () => {
    expect(realmOf('192.0.2.7', { realms: { acme: ['192.0.2.7'] }, external: '' })).toBe('acme');
  });
});
