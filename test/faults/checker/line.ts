import { createSocket, type Socket } from 'node:dgram';
import { HOST } from '../../bench/phone-text.ts';
import { freeUdpPort } from '../../bench/sip-ping.ts';
import type { Weather } from './orders.ts';

const RECEIVE_OCTETS = 4 * 1024 * 1024;
const FAIR: Weather = { loss: 0, delayMs: 0 };

/** A socket that many phones share, and the network before it: datagrams are lost and late as the weather says. */
export class Line {
  weather: Weather = FAIR;
  /** `from`: the port that it came from. */
  hears: (text: string, from: number) => void = () => undefined;
  readonly port: number;
  readonly #socket: Socket;
  /** Where requests are sent; null for a socket that is connected. */
  readonly #sipPort: number | null;

  private constructor(socket: Socket, sipPort: number | null) {
    this.#socket = socket;
    this.#sipPort = sipPort;
    this.port = socket.address().port;
    socket.on('message', (bytes, { port }) => this.#pass(() => this.hears(bytes.toString('latin1'), port)));
    // A node that is dead: the port is closed, and the kernel says so.
    socket.on('error', () => undefined);
  }

  /** `isOpen`: it hears what comes from elsewhere, too; else only what comes from there. */
  static async open(sipPort: number, isOpen: boolean): Promise<Line> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_OCTETS });
    // By its number: a port that the kernel chose itself it takes back when the socket is disconnected (`move`).
    const port = await freeUdpPort();
    await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(port, HOST, resolve));
    if (isOpen) return new Line(socket, sipPort);
    await new Promise<void>((resolve) => socket.connect(sipPort, HOST, resolve));
    return new Line(socket, null);
  }

  /** What is sent on a line that is not open goes to this port from now on, and only what comes from there is heard. */
  async move(sipPort: number): Promise<void> {
    this.#socket.disconnect();
    await new Promise<void>((resolve) => this.#socket.connect(sipPort, HOST, resolve));
  }

  /** Answers go to where the request came from, which on an open line may be another node than its own. */
  send(text: string, to = this.#sipPort): void {
    const bytes = Buffer.from(text, 'latin1');
    this.#pass(() =>
      this.#sipPort === null
        ? this.#socket.send(bytes, () => undefined)
        : this.#socket.send(bytes, to ?? this.#sipPort, HOST, () => undefined),
    );
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
