import { isIP } from 'node:net';
import { trusts } from '../trust.ts';

/**
 * What is not the public Internet: "this" network, private, shared, loopback, link-local, documentation, benchmarking,
 * multicast and reserved blocks (RFC 6890 and its registries), and IPv6 forms that carry an IPv4 address.
 */
const NOT_PUBLIC = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** Tells which addresses webhooks may call: public ones, and those in `allowed`. */
export function callable(allowed: readonly string[]): (address: string) => boolean {
  const isAllowed = trusts(allowed);
  const isInner = trusts(NOT_PUBLIC);
  return (address) => isIP(address) !== 0 && (isAllowed(address) || !isInner(address));
}
