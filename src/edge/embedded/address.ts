import { isIP, isIPv4 } from 'node:net';

/** An address as the kernel gives it, without zone; an IPv4 address mapped into IPv6 becomes IPv4 again. */
export function plainAddress(address: string): string {
  if (!address.includes(':')) return address;
  const zone = address.indexOf('%');
  const bare = zone === -1 ? address : address.slice(0, zone);
  const mapped = bare.startsWith('::ffff:') ? bare.slice('::ffff:'.length) : '';
  return isIPv4(mapped) ? mapped : bare;
}

/** The numeric address that the host of a URI or a sent-by means, as the kernel would write it; null for a name. */
export function addressOfHost(host: string): string | null {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host;
  const family = isIP(bare);
  if (family === 0) return null;
  return plainAddress(family === 4 ? bare : canonicalIpv6(bare));
}

function canonicalIpv6(address: string): string {
  // A mapped address is left with its dotted end: URL would write it in hexadecimal.
  if (address.includes('.')) return address.toLowerCase();
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

/** An address as it stands in a URI or a sent-by: IPv6 in brackets. Names pass unchanged. */
export function hostOfAddress(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** Whom an address stands for when sources are counted: a host of IPv6 has a whole /64 (RFC 6177, RFC 7421). */
export function sourceOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const behind = tail === undefined ? [] : tail.split(':');
  while (groups.length + behind.length < 8) groups.push('0');
  return `${[...groups, ...behind].slice(0, 4).join(':')}::/64`;
}

/** True for addresses that mean nothing outside their own network (RFC 1918, 3927, 4193, 6598, loopback, unspecified). */
export function isPrivateAddress(address: string): boolean {
  if (address.includes(':')) return /^(::1?$|f[cd]|fe[89ab])/i.test(address);
  const [first = 0, second = 0] = address.split('.').map(Number);
  if (first === 172) return second >= 16 && second <= 31;
  if (first === 100) return second >= 64 && second <= 127;
  if (first === 192) return second === 168;
  if (first === 169) return second === 254;
  return first === 10 || first === 127 || first === 0;
}
