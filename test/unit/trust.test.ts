import { describe, expect, test } from 'vitest';
import { isLoopback, isNetwork, trusts } from '../../src/trust.ts';

describe('trusts()', () => {
  const trusted = trusts(['10.0.0.0/8', '192.0.2.7', 'fc00::/7', 'fe80::/10', '::1/128']);

  test.each(['10.255.0.1', '192.0.2.7', 'fd12::1', 'fe80::1', 'fe80::1%eth0', '::1', '0:0:0:0:0:0:0:1'])(
    '%s lies within',
    (address) => expect(trusted(address)).toBe(true),
  );

  test.each(['11.0.0.1', '192.0.2.8', '2001:db8::1', '::2', '', 'localhost', '10.0.0.1.example'])(
    '"%s" lies without',
    (address) => expect(trusted(address)).toBe(false),
  );

  test('an IPv4 address mapped into IPv6 counts as the IPv4 address (RFC 4291 §2.5.5.2)', () => {
    expect(trusted('::ffff:10.1.2.3')).toBe(true);
    expect(trusted('::ffff:a01:203')).toBe(true);
    expect(trusted('::ffff:11.1.2.3')).toBe(false);
  });

  test('text that is longer than any address is none', () => {
    expect(trusted(`fe80::1%${'x'.repeat(56)}`)).toBe(true);
    expect(trusted(`fe80::1%${'x'.repeat(57)}`)).toBe(false);
  });

  test('nothing is trusted without networks', () => {
    expect(trusts([])('127.0.0.1')).toBe(false);
  });
});

test('isNetwork() takes CIDR and single addresses only', () => {
  const good = ['0.0.0.0/0', '10.0.0.0/8', '10.1.2.3', '::/0', 'fc00::/7', '::1'];
  const bad = [
    '',
    '10.0.0.0/33',
    '::/129',
    '10.0.0/8',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'fe80::1%eth0',
    'localhost',
    '1.1.1.1/-1',
  ];
  expect(good.filter(isNetwork)).toEqual(good);
  expect(bad.filter(isNetwork)).toEqual([]);
});

test('isLoopback() is true for this machine only', () => {
  expect(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '::', '10.0.0.1', 'localhost'].some(isLoopback)).toBe(false);
});
