import { BlockList, isIP } from 'node:net';
import { madeOnce } from './made-once.ts';

/** Addresses that are remembered at most: the edges ask with every packet. */
const REMEMBERED = 10_000;
/** Longer than any address with its zone; what HTTP says of a client may be of any length, and is not kept. */
const LONGEST = 64;

/**
 * Tells whether an address lies in one of `networks` (CIDR or single addresses, IPv4 or IPv6). An IPv4 address
 * that comes mapped into IPv6 (`::ffff:10.0.0.1`, as a dual-stack socket shows it) counts as the IPv4 address;
 * a zone (`%eth0`) is dropped. Text that is no address is not trusted.
 */
export function trusts(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) addNetwork(list, network);
  const isIn = madeOnce((address) => {
    const plain = unzoned(address);
    const version = isIP(plain);
    return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
  }, REMEMBERED);
  return (address) => address.length <= LONGEST && isIn(address);
}

/** True for `10.0.0.0/8`, `fc00::/7`, `192.0.2.1`, `::1`: what `trusts` takes. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== null;
}

/** True for an address of this machine that no other machine can reach (127.0.0.0/8, ::1). */
export const isLoopback = trusts(['127.0.0.0/8', '::1']);

interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

function parseNetwork(text: string): Network | null {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0 || address.includes('%')) return null;
  const widest = version === 4 ? 32 : 128;
  if (bits !== undefined && !/^\d{1,3}$/.test(bits)) return null;
  const width = bits === undefined ? widest : Number(bits);
  return width > widest ? null : { address, bits: width, family: version === 4 ? 'ipv4' : 'ipv6' };
}

function addNetwork(list: BlockList, text: string): void {
  const network = parseNetwork(text);
  if (network !== null) list.addSubnet(network.address, network.bits, network.family);
}

function unzoned(address: string): string {
  const zone = address.indexOf('%');
  return zone === -1 ? address : address.slice(0, zone);
}
