import { timingSafeEqual } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { PassedOn, Siblings } from '../ports/siblings.ts';

/** As much as the SIP sockets have: after a restart most answers may come this way. */
const BUFFER_OCTETS = 4 * 1024 * 1024;
const LOOPBACK = '127.0.0.1';
/** The longest datagram of IPv4, in octets. */
const LONGEST = 65_507;
const LINE_END = 0x0a;

/** Who a worker is among its siblings. */
export interface LaneOptions {
  readonly worker: number;
  /** At least 16 octets that only the workers of this machine know: any local process can send to the lane. */
  readonly secret: Buffer;
}

/**
 * The way between the workers of a machine: a UDP socket of each on the loopback address. What is passed on is a datagram, and
 * may get lost like one; so no worker waits for another, and nothing queues up before one that is stuck.
 */
export async function openLane(options: LaneOptions): Promise<Lane> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: BUFFER_OCTETS });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address: LOOPBACK, port: 0, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  return new Lane(socket, options);
}

/** One worker's end of the lanes. */
export class Lane implements Siblings {
  readonly worker: number;
  readonly port: number;
  readonly #socket: Socket;
  readonly #secret: Buffer;
  #ports: ReadonlyMap<number, number> = new Map();
  #take: (datagram: PassedOn) => void = () => {};

  constructor(socket: Socket, { worker, secret }: LaneOptions) {
    this.worker = worker;
    this.port = socket.address().port;
    this.#socket = socket;
    this.#secret = secret;
    socket.on('message', (bytes) => this.#receive(bytes));
    // A worker that has just died: whoever sent the datagram sends it again.
    socket.on('error', () => {});
  }

  /** The lanes of all workers that live, by number. */
  learn(ports: ReadonlyMap<number, number>): void {
    this.#ports = ports;
  }

  passOn(worker: number, { text, flow }: PassedOn): boolean {
    const port = this.#ports.get(worker);
    const head = `${JSON.stringify(flow)}\n`;
    if (port === undefined || this.#secret.length + head.length + text.length > LONGEST) return false;
    this.#socket.send(Buffer.concat([this.#secret, Buffer.from(head + text, 'latin1')]), port, LOOPBACK);
    return true;
  }

  receive(take: (datagram: PassedOn) => void): void {
    this.#take = take;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }

  #receive(bytes: Buffer): void {
    const { length } = this.#secret;
    if (bytes.length <= length || !timingSafeEqual(bytes.subarray(0, length), this.#secret)) return;
    const headEnd = bytes.indexOf(LINE_END, length);
    const flow = JSON.parse(bytes.toString('latin1', length, headEnd));
    this.#take({ text: bytes.toString('latin1', headEnd + 1), flow });
  }
}
