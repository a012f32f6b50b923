import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { plainAddress } from './address.ts';

/** Addresses that are remembered at most, and for how long: a machine may get a new address at any time. */
const REMEMBERED = 10_000;
const REMEMBERED_MS = 60_000;

/** All addresses of a family, as people write it. */
const UNSPECIFIED = ['0.0.0.0', '::'];

/** Finds the local address that the kernel uses towards a remote one. */
export class LocalAddresses {
  readonly #bound: string;
  readonly #known = new Map<string, string | null>();
  #since = 0;

  /** `bound`: the one address we listen on, or '' for all. */
  constructor(bound: string) {
    this.#bound = UNSPECIFIED.includes(bound) ? '' : bound;
  }

  /**
   * The local address for `remote` (numeric; a link-local one with its zone), or null when there is no route.
   * Makes no traffic: connecting a UDP socket only picks the route.
   */
  towards(remote: string): string | null {
    if (this.#bound !== '') return this.#bound;
    this.#forgetOld();
    const known = this.#known.get(remote);
    if (known !== undefined) return known;
    const found = sourceAddress(remote);
    this.#known.set(remote, found);
    return found;
  }

  #forgetOld(): void {
    const now = performance.now();
    if (this.#known.size < REMEMBERED && now - this.#since < REMEMBERED_MS) return;
    this.#known.clear();
    this.#since = now;
  }
}

function sourceAddress(remote: string): string | null {
  const family = isIPv6(remote) ? 6 : 4;
  // A look-up that answers at once lets bind and connect run to their end within `connect`.
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    lookup: (host, _options, callback) => callback(null, host, family),
  });
  socket.on('error', () => {});
  try {
    socket.connect(9, remote);
    // Without a route the socket stays unconnected, or has no address at all.
    const address = plainAddress(socket.address().address);
    return UNSPECIFIED.includes(address) ? null : address;
  } catch {
    return null;
  } finally {
    socket.close();
  }
}
