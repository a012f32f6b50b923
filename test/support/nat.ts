import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Place } from './phone-wire.ts';

/** The public side of a NAT for tests: an address of loopback that no phone has. */
const PUBLIC = '127.0.0.2';

/** What a NAT does. */
export interface NatOptions {
  /** Where packets from within go. */
  readonly server: Place;
  /** A binding through which nothing has passed for so many ms is lost; never unless given. */
  readonly idleMs?: number;
}

/**
 * A NAT for one phone on UDP (address and port dependent, RFC 4787): what the phone sends to `inside` comes to the server from
 * 127.0.0.2 and a port of the NAT's choice, and what the server sends there comes back. Nothing gets in without a binding.
 */
export class Nat implements AsyncDisposable {
  readonly inside: Place;
  /** The port of each binding that there ever was, the newest last. */
  readonly ports: number[] = [];
  readonly #options: NatOptions;
  readonly #inner: Socket;
  #outer: Socket | null = null;
  #phone: Place | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(inner: Socket, options: NatOptions) {
    this.#inner = inner;
    this.#options = options;
    this.inside = { address: '127.0.0.1', port: inner.address().port };
    inner.on('message', (bytes, { address, port }) => {
      this.#phone = { address, port };
      this.#send(bytes).catch(() => {});
    });
  }

  static async open(options: NatOptions): Promise<Nat> {
    const inner = createSocket('udp4');
    inner.bind(0, '127.0.0.1');
    await once(inner, 'listening');
    return new Nat(inner, options);
  }

  /** Loses the binding, as after silence or a restart: the next packet from within makes another one. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#outer?.close();
    this.#outer = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.forget();
    this.#inner.close();
    await once(this.#inner, 'close');
  }

  async #send(bytes: Buffer): Promise<void> {
    const outer = this.#outer ?? (await this.#bind());
    this.#passed();
    outer.send(bytes, this.#options.server.port, this.#options.server.address);
  }

  async #bind(): Promise<Socket> {
    const outer = createSocket('udp4');
    this.#outer = outer;
    outer.on('message', (bytes) => {
      this.#passed();
      if (this.#phone !== null) this.#inner.send(bytes, this.#phone.port, this.#phone.address);
    });
    outer.bind(0, PUBLIC);
    await once(outer, 'listening');
    this.ports.push(outer.address().port);
    return outer;
  }

  #passed(): void {
    const { idleMs } = this.#options;
    clearTimeout(this.#timer);
    if (idleMs !== undefined) this.#timer = setTimeout(() => this.forget(), idleMs);
  }
}
