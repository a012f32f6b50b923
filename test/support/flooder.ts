import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { Place } from './phone-wire.ts';

/** What a flooder is told when its worker starts. */
export interface Flood {
  readonly transport: 'udp' | 'tcp';
  /** An address of loopback other than that of the phones. */
  readonly from: string;
  readonly server: Place;
}

/** 4,000 requests a second, twenty times what a source may send; the machine is left to the server. */
const TURN = 40;
const EVERY_MS = 10;

const { transport, from, server } = workerData as Flood;
let sent = 0;

/** Each asks for a new subscription, to an ID that nobody else watches. */
function subscribeText(): string {
  sent += 1;
  const id = `${from}-${sent}`;
  return [
    `SUBSCRIBE sip:flood-${sent % 1000}@${server.address} SIP/2.0`,
    `Via: SIP/2.0/${transport.toUpperCase()} ${from}:5060;rport;branch=z9hG4bK${id}`,
    'Max-Forwards: 70',
    `From: <sip:flood@example.com>;tag=${id}`,
    `To: <sip:flood-${sent % 1000}@example.com>`,
    `Call-ID: ${id}`,
    'CSeq: 1 SUBSCRIBE',
    `Contact: <sip:flood@${from}:5060>`,
    'Event: dialog',
    'Expires: 3600',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}

function floodUdp(): void {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4096 });
  socket.on('error', () => {});
  socket.bind(0, from, () => {
    setInterval(() => {
      for (let count = 0; count < TURN; count += 1) socket.send(subscribeText(), server.port, server.address);
    }, EVERY_MS);
  });
}

/** No faster than the server reads; a connection that is closed is opened again. */
function floodTcp(): void {
  const socket = connect({ host: server.address, port: server.port, localAddress: from });
  const timer = setInterval(() => {
    if (socket.writableNeedDrain) return;
    socket.write(Array.from({ length: TURN }, subscribeText).join(''));
  }, EVERY_MS);
  socket.on('data', () => {});
  socket.on('error', () => {});
  socket.on('close', () => {
    clearInterval(timer);
    setTimeout(floodTcp, EVERY_MS);
  });
}

parentPort?.on('message', () => parentPort?.postMessage(sent));
if (transport === 'udp') floodUdp();
else floodTcp();
