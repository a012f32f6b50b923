import { createSocket, type Socket } from 'node:dgram';
import { HOST } from '../../bench/phone-text.ts';
import { freeUdpPort } from '../../bench/sip-ping.ts';
import type { Weather } from './orders.ts';

const RECEIVE_OCTETS = 4 * 1024 * 1024;
const FAIR: Weather = { loss: 0, delayMs: 0 };

/** A socket that many phones share, and the network before it: datagrams are lost and late as the weather says. */
export class Line {
  weather: Weather = FAIR;
  hears: (text: string) => void = () => undefined;
  readonly port: number;
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on('message', (bytes) => this.#pass(() => this.hears(bytes.toString('latin1'))));
    // A node that is dead: the port is closed, and the kernel says so.
    socket.on('error', () => undefined);
  }

  static async open(sipPort: number): Promise<Line> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_OCTETS });
    // By its number: a port that the kernel chose itself it takes back when the socket is disconnected (`move`).
    const port = await freeUdpPort();
    await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(port, HOST, resolve));
    await new Promise<void>((resolve) => socket.connect(sipPort, HOST, resolve));
    return new Line(socket);
  }

  /** What is sent goes to this port from now on, and only what comes from there is heard. */
  async move(sipPort: number): Promise<void> {
    this.#socket.disconnect();
    await new Promise<void>((resolve) => this.#socket.connect(sipPort, HOST, resolve));
  }

  send(text: string): void {
    this.#pass(() => this.#socket.send(Buffer.from(text, 'latin1'), () => undefined));
  }

  close(): void {
    this.#socket.close();
  }

  #pass(deliver: () => void): void {
    const { loss, delayMs } = this.weather;
    if (loss > 0 && Math.random() < loss) return;
    if (delayMs > 0) setTimeout(deliver, Math.random() * delayMs);
    else deliver();
  }
}
