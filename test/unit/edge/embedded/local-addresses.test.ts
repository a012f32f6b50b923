import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { LocalAddresses } from '../../../../src/edge/embedded/local-addresses.ts';

test('LocalAddresses gives the one address that is listened on', () => {
  expect(new LocalAddresses('192.0.2.1').towards('127.0.0.1')).toBe('192.0.2.1');
});

test.each(['', '0.0.0.0', '::'])('LocalAddresses asks the kernel when "%s" is listened on', (bound) => {
  const addresses = new LocalAddresses(bound);
  expect(addresses.towards('127.0.0.1')).toBe('127.0.0.1');
  expect(addresses.towards('::1')).toBe('::1');
});

test('LocalAddresses gives an address of this machine for every other one, or null without a route', () => {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const found = new LocalAddresses('').towards('198.51.100.7');
  expect([null, ...own.map(({ address }) => address)]).toContain(found);
});

test('LocalAddresses gives null for a link-local address without its zone', () => {
  expect(new LocalAddresses('').towards('fe80::1')).toBeNull();
});
