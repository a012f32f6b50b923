import { expect, test } from 'vitest';
import { addressOctets } from '../../../src/sip/address-octets.ts';

const ZEROS = (count: number): string => '\0'.repeat(count);

test.each([
  ['192.0.2.1', '\xc0\x00\x02\x01'],
  ['255.255.255.255', '\xff\xff\xff\xff'],
  ['::', ZEROS(16)],
  ['::1', `${ZEROS(15)}\x01`],
  ['2001:db8::7', `\x20\x01\x0d\xb8${ZEROS(11)}\x07`],
  ['fe80::', `\xfe\x80${ZEROS(14)}`],
  ['1:2:3:4:5:6:7:8', '\0\x01\0\x02\0\x03\0\x04\0\x05\0\x06\0\x07\0\x08'],
  ['64:ff9b::192.0.2.33', `\x00\x64\xff\x9b${ZEROS(8)}\xc0\x00\x02\x21`],
])('%s', (address, octets) => {
  expect(addressOctets(address)).toBe(octets);
});

test.each([
  '',
  '1.2.3',
  '1.2.3.256',
  'phone.example.com',
  '1:2:3',
  '::1::',
  '1:2:3:4:5:6:7::8',
  ':1',
  '::xyz',
  '::1.2.3',
])('"%s" is no address', (text) => {
  expect(addressOctets(text)).toBeNull();
});
