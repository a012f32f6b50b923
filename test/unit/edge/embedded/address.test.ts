import { describe, expect, test } from 'vitest';
import {
  addressOfHost,
  hostOfAddress,
  isPrivateAddress,
  plainAddress,
  sourceOf,
} from '../../../../src/edge/embedded/address.ts';

describe('plainAddress()', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['2001:db8::1', '2001:db8::1'],
  ])('%s is %s', (given, plain) => {
    expect(plainAddress(given)).toBe(plain);
  });
});

describe('addressOfHost()', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['[2001:db8:0:0:0::1]', '2001:db8::1'],
    ['[2001:DB8::1]', '2001:db8::1'],
    ['[::ffff:192.0.2.7]', '192.0.2.7'],
    ['[::FFFF:192.0.2.7]', '192.0.2.7'],
    ['phone.example.com', null],
    ['192.0.2', null],
    ['[]', null],
  ])('%s is the address %s', (host, address) => {
    expect(addressOfHost(host)).toBe(address);
  });
});

test('hostOfAddress() puts IPv6 in brackets (RFC 3261 §19.1.1)', () => {
  expect(hostOfAddress('2001:db8::1')).toBe('[2001:db8::1]');
  expect(hostOfAddress('192.0.2.7')).toBe('192.0.2.7');
});

describe('isPrivateAddress()', () => {
  const yes = [
    ...['10.1.2.3', '172.16.0.1', '172.31.255.1', '192.168.1.1', '169.254.3.4', '127.0.0.1', '100.64.0.1'],
    ...['0.0.0.0', '::1', '::', 'fd00::1', 'fe80::1'],
  ];
  const no = [
    '172.15.0.1',
    '172.32.0.1',
    '192.0.2.1',
    '100.63.0.1',
    '100.128.0.1',
    '11.0.0.1',
    '2001:db8::1',
  ];
  test.each(yes)('%s is private', (address) => expect(isPrivateAddress(address)).toBe(true));
  test.each(no)('%s is not', (address) => expect(isPrivateAddress(address)).toBe(false));
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
])('sourceOf(%s) is %s: a host of IPv6 has a whole /64', (address, source) => {
  expect(sourceOf(address)).toBe(source);
});
