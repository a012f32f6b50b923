import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { Flow, ListenPoint } from '../../ports/edge.ts';
import type { ByteString } from '../../sip/message.ts';
import { isStun } from '../../sip/stun.ts';
import { plainAddress } from './address.ts';
import type { Inbound } from './inbound.ts';
import { isResponse } from './is-response.ts';
import type { LocalAddresses } from './local-addresses.ts';
import type { Path } from './path.ts';

/** Room for the answers to a fan-out of thousands that come back at once; the kernel may give less. */
const BUFFER_OCTETS = 4 * 1024 * 1024;
const LAST_LINE_END = 0x0d;
/** Link-local peers whose zone is remembered at most. */
const ZONES = 1000;

/** What a UDP socket needs. */
export interface UdpOptions {
  readonly address: string;
  readonly port: number;
  readonly inbound: Inbound;
  readonly localAddresses: LocalAddresses;
  /** Other workers open the same port. */
  readonly shared: boolean;
}

/** Opens a UDP socket and reads SIP from it. Rejects with the error of the system. */
export async function openUdp(options: UdpOptions): Promise<UdpSocket> {
  const family = options.address.includes(':') ? 6 : 4;
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    ipv6Only: family === 6,
    recvBufferSize: BUFFER_OCTETS,
    reusePort: options.shared,
    // Addresses are numeric here: answering at once keeps each `send` free of a look-up and in order.
    lookup: (host, _options, callback) => callback(null, host, family),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    // Exclusive: in a worker, Node would have one socket for all else, and each datagram wake up each of them.
    socket.bind({ address: options.address, port: options.port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  }).catch((error: unknown) => {
    socket.close();
    throw error;
  });
  return new UdpSocket(socket, options);
}

/** One open UDP socket. */
export class UdpSocket {
  readonly point: ListenPoint;
  readonly #socket: Socket;
  readonly #inbound: Inbound;
  readonly #localAddresses: LocalAddresses;
  /** Link-local addresses can only be sent to with the zone they were heard in; flows do not carry it. */
  readonly #zones = new Map<string, string>();

  constructor(socket: Socket, options: UdpOptions) {
    this.#socket = socket;
    this.#inbound = options.inbound;
    this.#localAddresses = options.localAddresses;
    this.point = { transport: 'udp', address: options.address, port: socket.address().port };
    socket.on('message', (bytes, remote) => this.#receive(bytes, remote));
    // ICMP errors come here on some systems. They concern one phone, which Timer F takes care of.
    socket.on('error', () => this.#inbound.count('udp_error'));
  }

  /** The way to an address of this socket's family; `port` is 1 to 65535. */
  pathTo(address: string, port: number): Path {
    return new UdpPath(this.#socket, this.#zones.get(address) ?? address, port);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }

  #receive(bytes: Buffer, remote: RemoteInfo): void {
    // A lone CRLFCRLF keeps a NAT binding open (RFC 5626 §4.4.1 has it for streams): nobody waits for an answer.
    const first = bytes[0] ?? LAST_LINE_END;
    const address = plainAddress(remote.address);
    if (bytes.length <= 4 && first <= LAST_LINE_END) this.#inbound.count('keepalive');
    else if (this.#inbound.admits(address)) this.#pass(bytes, address, remote);
  }

  #pass(bytes: Buffer, address: string, remote: RemoteInfo): void {
    const text = bytes.toString('latin1');
    if (isStun(text)) this.#answerStun(text, address, remote);
    else if (isResponse(text)) this.#inbound.response(text);
    else this.#inbound.request(text, this.#flowOf(address, remote), null);
  }

  /** RFC 5626 §5.4: the keep-alive of a phone behind NAT, which also tells it its address there. */
  #answerStun(text: ByteString, address: string, remote: RemoteInfo): void {
    const answer = this.#inbound.stun(text, address, remote.port);
    if (answer !== null) this.#socket.send(Buffer.from(answer, 'latin1'), remote.port, remote.address);
  }

  #flowOf(address: string, remote: RemoteInfo): Flow {
    if (remote.address.includes('%') && this.#zones.size < ZONES) this.#zones.set(address, remote.address);
    return {
      transport: 'udp',
      remoteAddress: address,
      remotePort: remote.port,
      localAddress: this.#localAddresses.towards(remote.address) ?? this.point.address,
      localPort: this.point.port,
    };
  }
}

class UdpPath implements Path {
  readonly reliable = false;
  readonly open = true;
  readonly #socket: Socket;
  readonly #address: string;
  readonly #port: number;

  constructor(socket: Socket, address: string, port: number) {
    this.#socket = socket;
    this.#address = address;
    this.#port = port;
  }

  send(bytes: Buffer): void {
    // Without a callback Node keeps no request object, and an error is silence: Timer E tries again.
    this.#socket.send(bytes, this.#port, this.#address);
  }
}
