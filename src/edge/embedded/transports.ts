import { Fault } from '../../errors.ts';
import type { Flow, ListenPoint, Transport } from '../../ports/edge.ts';
import type { Siblings } from '../../ports/siblings.ts';
import type { Inbound } from './inbound.ts';
import { closeAll, type Listener, listen, SIP_PORT } from './listen.ts';
import { LocalAddresses } from './local-addresses.ts';
import type { Target, Way } from './next-hop.ts';
import type { Connection, FoundPath } from './path.ts';
import { sipStream } from './stream.ts';
import type { StreamGuard } from './stream-guard.ts';
import { listenStream, type Protocol, type StreamOptions } from './stream-listener.ts';
import { Streams } from './streams.ts';
import { secured, type TlsSide } from './tls.ts';
import { openUdp, type UdpSocket } from './udp.ts';
import { sipWebSocket } from './ws.ts';

/** Where the edge listens. A port of null means: not at all; 0: the system chooses. */
export interface ListenOptions {
  /** One local address, or '' for all of IPv4 and IPv6. */
  readonly host: string;
  readonly udpPort: number | null;
  readonly tcpPort: number | null;
  /** Only with `tls`. */
  readonly tlsPort: number | null;
  readonly wsPort: number | null;
  /** Only with `tls`. */
  readonly wssPort: number | null;
  /** Null: nothing is spoken over TLS. */
  readonly tls: TlsSide | null;
  /** Origins whose pages may use the WebSocket besides those of our own host; `*`: all. */
  readonly wsOrigins: readonly string[];
  /** The host that phones reach us at, for Via and Contact; '' for the local address towards each phone. */
  readonly external: string;
  readonly maxMessageBytes: number;
  /** The other workers that listen on the same ports; absent: this process is the only one. */
  readonly siblings?: Siblings;
}

const TLS_PORT = 'sip.tlsPort / LAMPLIGHTER_SIP_TLS_PORT';
const WSS_PORT = 'sip.wssPort / LAMPLIGHTER_SIP_WSS_PORT';
const WS_PORT = 'sip.wsPort / LAMPLIGHTER_SIP_WS_PORT';

/** Every socket of the edge. */
export class Transports {
  readonly localAddresses: LocalAddresses;
  readonly #options: ListenOptions;
  readonly #inbound: Inbound;
  readonly #guard: StreamGuard;
  readonly #stream: StreamOptions;
  readonly #streams: Streams;
  #udp: readonly UdpSocket[] = [];
  #listeners: Listener[] = [];

  constructor(options: ListenOptions, inbound: Inbound, guard: StreamGuard) {
    this.#options = options;
    this.#inbound = inbound;
    this.#guard = guard;
    this.#stream = { inbound, guard, maxMessageBytes: options.maxMessageBytes };
    this.localAddresses = new LocalAddresses(options.host);
    this.#streams = new Streams(this.#stream, this.localAddresses, options.tls);
  }

  /** What is open. */
  get points(): readonly ListenPoint[] {
    return this.#listeners.map((listener) => listener.point);
  }

  /** Opens every listener, or none and rejects with PORT_TAKEN or EDGE_AWAY. */
  async open(): Promise<void> {
    try {
      await this.#openUdp();
      const { tcpPort, tlsPort, wsPort, wssPort } = this.#options;
      await this.#openStream('tcp', tcpPort, SIP_PORT);
      await this.#openStream('tls', tlsPort, TLS_PORT);
      await this.#openStream('ws', wsPort, WS_PORT);
      await this.#openStream('wss', wssPort, WSS_PORT);
    } catch (error) {
      await this.close();
      throw error;
    }
    if (this.#listeners.length === 0) throw new Fault('EDGE_AWAY', 'Cannot listen: every transport is off');
  }

  /** Closes all that is open; what was sent on streams is flushed where the peer reads. */
  async close(): Promise<void> {
    const listeners = this.#listeners;
    this.#listeners = [];
    this.#udp = [];
    const closed = closeAll(listeners);
    await this.#streams.closeAll();
    this.#guard.close();
    await closed;
  }

  adopt(connection: Connection): void {
    this.#streams.add(connection);
  }

  drop(connection: Connection): void {
    this.#streams.remove(connection);
  }

  /** Our port of a transport: what Via and Contact name. TCP without a listener names the UDP port. */
  portOf(transport: Flow['transport']): number {
    const points = this.points;
    const point = points.find((each) => each.transport === transport) ?? points[0];
    return point?.port ?? 5060;
  }

  /** The open connection of a flow, or null. */
  connectionOf(flow: Flow): Connection | null {
    return this.#streams.find(flow);
  }

  /** The open path for a way, connecting if need be; null when there is none. */
  pathOf(way: Way, flow: Flow): FoundPath | null {
    if (way.kind === 'target') return this.pathTo(way.target);
    if (flow.transport === 'udp') return this.udpPath(flow.remoteAddress, flow.remotePort);
    const connection = this.#streams.find(flow);
    if (connection !== null) return { path: connection, connection };
    return way.otherwise === null ? null : this.pathTo(way.otherwise);
  }

  /** The path to an address, connecting if need be; null when there is none. */
  pathTo(target: Target): FoundPath | null {
    if (target.transport === 'udp') return this.udpPath(target.address, target.port);
    const connection = this.#streams.reach(target, this.portOf(target.transport));
    return connection && { path: connection, connection };
  }

  /** The path over our UDP socket of that family; null without one. */
  udpPath(address: string, port: number): FoundPath | null {
    const isIpv6 = address.includes(':');
    const socket = this.#udp.find((each) => each.point.address.includes(':') === isIpv6);
    if (socket === undefined || port < 1 || port > 65_535) return null;
    return { path: socket.pathTo(address, port), connection: null };
  }

  async #openUdp(): Promise<void> {
    const { host, udpPort, siblings } = this.#options;
    if (udpPort === null) return;
    const shared = siblings !== undefined;
    const parts = { inbound: this.#inbound, localAddresses: this.localAddresses, shared };
    const open = (address: string, port: number): Promise<UdpSocket> => openUdp({ address, port, ...parts });
    this.#udp = await listen({ transport: 'udp', host, port: udpPort, setting: SIP_PORT, open });
    this.#listeners.push(...this.#udp);
  }

  /** `port` of null: not at all. */
  async #openStream(transport: Transport, port: number | null, setting: string): Promise<void> {
    if (port === null) return;
    const protocol = this.#protocolOf(transport);
    const open = (address: string, wanted: number): Promise<Listener> =>
      listenStream({ transport, address, port: wanted }, this.#stream, protocol);
    this.#listeners.push(...(await listen({ transport, host: this.#options.host, port, setting, open })));
  }

  #protocolOf(transport: Transport): Protocol {
    const { wsOrigins, external, tls } = this.#options;
    const isWebSocket = transport === 'ws' || transport === 'wss';
    const sip = isWebSocket
      ? sipWebSocket({ ...this.#stream, pages: { origins: wsOrigins, external } })
      : sipStream(this.#stream);
    if (transport !== 'tls' && transport !== 'wss') return sip;
    if (tls === null) throw new Fault('INTERNAL', `Cannot listen for ${transport}: there is no certificate`);
    return secured(tls, this.#inbound, sip);
  }
}
