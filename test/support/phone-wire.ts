import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
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

export type WireTransport = 'udp' | 'tcp' | 'ws';

export interface WireOptions {
  readonly transport: WireTransport;
  readonly server: Place;
  /** Called with each whole message, and with the raw text of what is none (keep-alive). */
  heard(text: ByteString): void;
  closed(): void;
}

/** Opens a wire to the server from an ephemeral port of loopback. */
export function openWire(options: WireOptions): Promise<Wire> {
  if (options.transport === 'udp') return openUdp(options);
  return options.transport === 'tcp' ? openTcp(options) : openWs(options);
}

function openUdp({ server, heard, closed }: WireOptions): Promise<Wire> {
  const isIpv6 = server.address.includes(':');
  const socket = createSocket(isIpv6 ? 'udp6' : 'udp4');
  let isOpen = true;
  socket.on('message', (bytes) => heard(bytes.toString('latin1')));
  socket.on('close', closed);
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, isIpv6 ? '::1' : '127.0.0.1', () => {
      const { address, port } = socket.address();
      resolve({
        transport: 'udp',
        local: { address, port },
        send: (text) => socket.send(Buffer.from(text, 'latin1'), server.port, server.address),
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

function openTcp({ server, heard, closed }: WireOptions): Promise<Wire> {
  const socket = connect({ host: server.address, port: server.port, noDelay: true });
  const framer = new StreamFramer({ headOctets: 65_536, bodyOctets: 65_536 });
  socket.on('data', (bytes) => {
    const text = bytes.toString('latin1');
    if (text === '\r\n') heard(text);
    else for (const event of framer.push(text)) if (event.kind === 'message') heard(event.text);
  });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', closed);
    socket.once('connect', () =>
      resolve({
        transport: 'tcp',
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

function openWs({ server, heard, closed }: WireOptions): Promise<Wire> {
  const host = server.address.includes(':') ? `[${server.address}]` : server.address;
  const socket = new WebSocket(`ws://${host}:${server.port}/`, 'sip');
  socket.on('message', (data) => heard(Buffer.isBuffer(data) ? data.toString('latin1') : ''));
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', closed);
    socket.once('open', () =>
      resolve({
        transport: 'ws',
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
