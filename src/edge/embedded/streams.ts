import type { Flow } from '../../ports/edge.ts';
import type { LocalAddresses } from './local-addresses.ts';
import type { Target } from './next-hop.ts';
import type { Connection } from './path.ts';
import { connectTcp, type StreamOptions } from './tcp.ts';

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

  constructor(options: StreamOptions, localAddresses: LocalAddresses) {
    this.#options = options;
    this.#localAddresses = localAddresses;
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

  /** The connection to an address, opened now unless there is one. `localPort`: where we listen for TCP. */
  reach(target: Target, localPort: number): Connection {
    const flow: Flow = {
      transport: 'tcp',
      remoteAddress: target.address,
      remotePort: target.port,
      localAddress: this.#localAddresses.towards(target.address) ?? '127.0.0.1',
      localPort,
    };
    const connection = this.find(flow) ?? connectTcp(flow, this.#options);
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
