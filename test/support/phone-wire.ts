import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import { StreamFramer } from '../../src/sip/framing.ts';
import type { ByteString } from '../../src/sip/message.ts';

/** Where a SIP server listens. */
export interface Place {
  readonly address: string;
  readonly port: number;
}

/** One transport between a phone and a server. */
export interface Wire {
  readonly transport: WireTransport;
  /** The phone's own address. */
  readonly local: Place;
  /** Sends octets as they are: a datagram, or a piece of the stream. */
  send(text: ByteString): void;
  close(): Promise<void>;
}

export type WireTransport = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

export interface WireOptions {
  readonly transport: WireTransport;
  readonly server: Place;
  /** The phone's own address on UDP; one of loopback unless given. */
  readonly address?: string | undefined;
  /** Called with each whole message, and with the raw text of what is none (keep-alive). */
  heard(text: ByteString): void;
  closed(): void;
}

/** Opens a wire to the server from an ephemeral port of loopback. */
export function openWire(options: WireOptions): Promise<Wire> {
  const { transport } = options;
  if (transport === 'udp') return openUdp(options);
  return transport === 'tcp' || transport === 'tls' ? openStream(options) : openWs(options);
}

function openUdp({ server, address: own, heard, closed }: WireOptions): Promise<Wire> {
  const isIpv6 = server.address.includes(':');
  const socket = createSocket(isIpv6 ? 'udp6' : 'udp4');
  let isOpen = true;
  // RFC 3261 §18.2.2: a response goes where its request came from, which may be another node.
  let source: Place | null = null;
  socket.on('message', (bytes, remote) => {
    source = remote;
    heard(bytes.toString('latin1'));
    source = null;
  });
  socket.on('close', closed);
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, own ?? (isIpv6 ? '::1' : '127.0.0.1'), () => {
      const { address, port } = socket.address();
      resolve({
        transport: 'udp',
        local: { address, port },
        send: (text) => {
          const to = text.startsWith('SIP/2.0 ') && source !== null ? source : server;
          socket.send(Buffer.from(text, 'latin1'), to.port, to.address);
        },
        close: () =>
          new Promise((done) => {
            if (isOpen) socket.close(() => done());
            else done();
            isOpen = false;
          }),
      });
    });
  });
}

/** Like most phones, it does not verify the certificate of its server. */
function connectStream({ transport, server }: WireOptions): Socket {
  const to = { host: server.address, port: server.port };
  return transport === 'tls'
    ? connectTls({ ...to, rejectUnauthorized: false })
    : connect({ ...to, noDelay: true });
}

function openStream(options: WireOptions): Promise<Wire> {
  const { transport, heard, closed } = options;
  const socket = connectStream(options);
  const framer = new StreamFramer({ headOctets: 65_536, bodyOctets: 65_536 });
  socket.on('data', (bytes) => {
    const text = bytes.toString('latin1');
    if (text === '\r\n') heard(text);
    else for (const event of framer.push(text)) if (event.kind === 'message') heard(event.text);
  });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', closed);
    socket.once(transport === 'tls' ? 'secureConnect' : 'connect', () =>
      resolve({
        transport,
        local: { address: socket.localAddress ?? '', port: socket.localPort ?? 0 },
        send: (text) => void socket.write(Buffer.from(text, 'latin1')),
        close: () =>
          new Promise((done) => {
            if (socket.destroyed) done();
            socket.once('close', () => done());
            socket.destroy();
          }),
      }),
    );
  });
}

function openWs({ transport, server, heard, closed }: WireOptions): Promise<Wire> {
  const host = server.address.includes(':') ? `[${server.address}]` : server.address;
  const socket = new WebSocket(`${transport}://${host}:${server.port}/`, 'sip', {
    rejectUnauthorized: false,
  });
  socket.on('message', (data) => heard(Buffer.isBuffer(data) ? data.toString('latin1') : ''));
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', closed);
    socket.once('open', () =>
      resolve({
        transport,
        // RFC 7118 §5: a browser does not know its address and invents a name.
        local: { address: 'df7jal23ls0d.invalid', port: 0 },
        send: (text) => socket.send(Buffer.from(text, 'latin1'), { binary: false }),
        close: () =>
          new Promise((done) => {
            if (socket.readyState === WebSocket.CLOSED) done();
            socket.once('close', () => done());
            socket.terminate();
          }),
      }),
    );
  });
}
