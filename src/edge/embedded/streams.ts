import type { Flow } from '../../ports/edge.ts';
import type { LocalAddresses } from './local-addresses.ts';
import type { Target } from './next-hop.ts';
import type { Connection } from './path.ts';
import { connectStream } from './stream.ts';
import type { StreamOptions } from './stream-listener.ts';
import type { TlsSide } from './tls.ts';

/** How long a peer may take to read what is left for it when we stop. */
const LINGER_MS = 300;

/** The open streams, found by the peer's address: one serves both directions (RFC 3261 §18). */
export class Streams {
  /** Until they are closed. */
  readonly #all = new Set<Connection>();
  /** The newest of each address. */
  readonly #byPeer = new Map<string, Connection>();
  readonly #options: StreamOptions;
  readonly #localAddresses: LocalAddresses;
  readonly #tls: TlsSide | null;

  /** `tls`: null when nothing is reached over TLS. */
  constructor(options: StreamOptions, localAddresses: LocalAddresses, tls: TlsSide | null) {
    this.#options = options;
    this.#localAddresses = localAddresses;
    this.#tls = tls;
  }

  add(connection: Connection): void {
    this.#all.add(connection);
    this.#byPeer.set(keyOf(connection.flow), connection);
  }

  remove(connection: Connection): void {
    const key = keyOf(connection.flow);
    this.#all.delete(connection);
    if (this.#byPeer.get(key) === connection) this.#byPeer.delete(key);
  }

  /** The open connection of a flow, or null. */
  find(flow: Flow): Connection | null {
    const connection = this.#byPeer.get(keyOf(flow));
    return connection?.open === true ? connection : null;
  }

  /**
   * The connection to an address, opened now unless there is one; null when that needs TLS and there is none.
   * `localPort`: where we listen for the same transport.
   */
  reach(target: Target, localPort: number): Connection | null {
    const tls = target.transport === 'tls' ? this.#tls : null;
    if (target.transport === 'tls' && tls === null) return null;
    const flow: Flow = {
      transport: target.transport,
      remoteAddress: target.address,
      remotePort: target.port,
      localAddress: this.#localAddresses.towards(target.address) ?? '127.0.0.1',
      localPort,
    };
    const connection = this.find(flow) ?? connectStream(flow, this.#options, tls);
    this.add(connection);
    return connection;
  }

  /** Closes every stream, in order where the peer reads. */
  async closeAll(): Promise<void> {
    for (const connection of this.#all) connection.close();
    const end = performance.now() + LINGER_MS;
    while (this.#all.size > 0 && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (const connection of this.#all) connection.destroy();
  }
}

function keyOf(flow: Flow): string {
  return `${flow.transport} ${flow.remoteAddress} ${flow.remotePort}`;
}
