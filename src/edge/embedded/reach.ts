import { networkInterfaces } from 'node:os';
import type { ListenPoint } from '../../ports/edge.ts';
import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import { parseUri } from '../../sip/uri.ts';

/** How long the addresses of this machine are believed, in ms: a virtual IP may come at any time. */
const FRESH_MS = 1_000;

/** What tells whether the phone of another node can be reached from this one. */
export interface ReachParts {
  /** The host that phones reach us at; '' for the local address towards each phone. */
  readonly external: string;
  listening(): readonly ListenPoint[];
  /** Numeric addresses of this machine. */
  addresses?(): readonly string[];
  /** True for a node that shares, or has shared, our ports. Absent: none does. */
  isSibling?(node: string): boolean;
}

/** Tells which phones that another node has heard take a NOTIFY from this one. */
export class Reach {
  readonly #parts: ReachParts;
  #addresses: ReadonlySet<string> = new Set();
  #since = Number.NEGATIVE_INFINITY;

  constructor(parts: ReachParts) {
    this.#parts = parts;
  }

  /**
   * True for a phone on UDP that hears no difference: one behind a proxy in its route set, or one that has talked to an
   * address and port that are ours now, as seen from outside (`external`) or here (a virtual IP), or to a sibling.
   */
  reaches({ flow, dialog, stack, owner }: SubscriptionRecord): boolean {
    if (flow.transport !== 'udp' || stack !== null) return false;
    if (this.#parts.isSibling?.(owner) === true && this.#hears(flow.localPort)) return true;
    return dialog.routeSet.length > 0 || this.#isExternal(dialog.localTarget) || this.#isHere(flow);
  }

  #isExternal(contact: string): boolean {
    const uri = parseUri(contact);
    const { external } = this.#parts;
    return (
      external !== '' && uri?.host.toLowerCase() === external.toLowerCase() && this.#hears(uri.port ?? 5060)
    );
  }

  #isHere({ localAddress, localPort }: SubscriptionRecord['flow']): boolean {
    // Every machine has these, so that they say nothing.
    if (localAddress.startsWith('127.') || localAddress === '::1') return false;
    return this.#hears(localPort) && this.#own().has(localAddress);
  }

  #hears(port: number): boolean {
    return this.#parts.listening().some((point) => point.transport === 'udp' && point.port === port);
  }

  #own(): ReadonlySet<string> {
    const now = performance.now();
    if (now - this.#since < FRESH_MS) return this.#addresses;
    this.#since = now;
    this.#addresses = new Set((this.#parts.addresses ?? ownAddresses)());
    return this.#addresses;
  }
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((points = []) => points.map(({ address }) => address));
}
