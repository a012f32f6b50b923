import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { StreamFramer } from '../../../src/sip/framing.ts';
import type { ByteString } from '../../../src/sip/message.ts';

/** Where a message came from, or goes to. */
export type Hop = { readonly protocol: 'udp'; readonly address: string; readonly port: number } | TcpHop;

interface TcpHop {
  readonly protocol: 'tcp';
  readonly address: string;
  readonly port: number;
  readonly socket: Socket;
}

const LIMITS = { headOctets: 65_536, bodyOctets: 65_536 };

/** UDP and TCP on one port of loopback. */
export class SipPort {
  port = 0;
  readonly #heard: (text: ByteString, hop: Hop) => void;
  readonly #streams = new Set<Socket>();
  #udp: UdpSocket | null = null;
  #tcp: Server | null = null;

  constructor(heard: (text: ByteString, hop: Hop) => void) {
    this.#heard = heard;
  }

  /** Port 0: any that is free on both. */
  async open(port: number): Promise<void> {
    for (;;) {
      const udp = createSocket('udp4');
      udp.on('message', (bytes, { address, port: from }) => {
        this.#heard(bytes.toString('latin1'), { protocol: 'udp', address, port: from });
      });
      udp.bind(port, '127.0.0.1');
      await once(udp, 'listening');
      const tcp = createServer({ noDelay: true }, (socket) => this.#take(socket));
      try {
        tcp.listen(udp.address().port, '127.0.0.1');
        await once(tcp, 'listening');
        this.port = udp.address().port;
        this.#udp = udp;
        this.#tcp = tcp;
        return;
      } catch (error) {
        udp.close();
        if (port !== 0) throw error;
      }
    }
  }

  async close(): Promise<void> {
    const { port } = this;
    for (const socket of this.#streams) socket.destroy();
    this.#udp?.close();
    const tcp = this.#tcp;
    this.#udp = null;
    this.#tcp = null;
    if (tcp !== null) await new Promise((done) => tcp.close(done));
    this.port = port;
  }

  /** False if the way is gone. */
  send(text: ByteString, hop: Hop): boolean {
    const bytes = Buffer.from(text, 'latin1');
    if (hop.protocol === 'udp') {
      this.#udp?.send(bytes, hop.port, hop.address, () => {});
      return true;
    }
    return !hop.socket.destroyed && hop.socket.writable && hop.socket.write(bytes) !== undefined;
  }

  /** The connection that there is with an address. */
  connectionWith(address: string, port: number): Hop | null {
    for (const socket of this.#streams) {
      if (socket.remoteAddress === address && socket.remotePort === port) return tcpHop(socket);
    }
    return null;
  }

  /** A new connection, or null when nobody takes it. */
  connectTo(address: string, port: number): Promise<Hop | null> {
    const socket = connect({ host: address, port, noDelay: true });
    return new Promise((resolve) => {
      socket.once('error', () => resolve(null));
      socket.once('connect', () => {
        this.#take(socket);
        resolve(tcpHop(socket));
      });
    });
  }

  #take(socket: Socket): void {
    const framer = new StreamFramer(LIMITS);
    const hop = tcpHop(socket);
    this.#streams.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#streams.delete(socket));
    socket.on('data', (bytes: Buffer) => {
      if (!this.#read(framer, bytes.toString('latin1'), hop)) socket.removeAllListeners('data').resume();
    });
  }

  /** Takes what one read gave. False: the real server would hear nothing more on this connection. */
  #read(framer: StreamFramer, text: ByteString, hop: TcpHop): boolean {
    const begun = framer.partial;
    const events = framer.push(text);
    for (const [index, event] of events.entries()) {
      if (event.kind === 'fault') hop.socket.destroy();
      else if (event.kind === 'message') this.#heard(event.text, hop);
      else {
        // A double CRLF is answered only if the read begins with it, and takes along whatever else is in that read.
        if (index === 0 && !begun) hop.socket.write('\r\n');
        if (index < events.length - 1 || framer.partial) return false;
      }
    }
    return true;
  }
}

function tcpHop(socket: Socket): TcpHop {
  return { protocol: 'tcp', address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0, socket };
}
