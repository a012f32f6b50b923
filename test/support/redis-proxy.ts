import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a node and Redis, and can keep announcements from it. */
export class RedisProxy {
  /** Announcements that were swallowed. */
  swallowed = 0;
  readonly #target: URL;
  readonly #server: Server;
  /** Connections on which channels are heard, by the side of the node. */
  readonly #ears = new Set<Socket>();
  /** Both ends of every connection. */
  readonly #ends = new Set<Socket>();
  #swallowing = false;
  #severed = false;
  #cut = false;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** Opens a proxy on loopback to the Redis of a URL. */
  static async open(url: string): Promise<RedisProxy> {
    const proxy = new RedisProxy(new URL(url));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The URL of this proxy, for the node. */
  get url(): string {
    const address = this.#server.address();
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = typeof address === 'object' ? `${address?.port}` : '';
    return url.href;
  }

  /** Loses every announcement from now on, without a sign of it; `false`: no more. */
  swallow(on: boolean): void {
    this.#swallowing = on;
  }

  /** Breaks the connections on which announcements are heard and lets none stand; `false`: lets them again. */
  cut(on: boolean): void {
    this.#cut = on;
    if (on) for (const ear of this.#ears) ear.destroy();
  }

  /** Lets no octet through from now on, and breaks no connection: a cable that is out; `false`: it is in again. */
  sever(on: boolean): void {
    this.#severed = on;
    for (const end of this.#ends) {
      if (on) end.pause();
      else end.resume();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
  }

  #serve(node: Socket): void {
    const redis = connect(Number(this.#target.port || 6379), this.#target.hostname);
    const end = () => {
      this.#ears.delete(node);
      this.#ends.delete(node);
      this.#ends.delete(redis);
      node.destroy();
      redis.destroy();
    };
    for (const socket of [node, redis]) socket.on('error', end).on('close', end);
    node.on('data', (bytes) => {
      if (/\r\ns?subscribe\r\n/i.test(bytes.toString('latin1'))) this.#ears.add(node);
      if (this.#cut && this.#ears.has(node)) end();
      else redis.write(bytes);
    });
    redis.on('data', (bytes) => {
      if (this.#swallows(bytes.toString('latin1'))) this.swallowed += 1;
      else node.write(bytes);
    });
    this.#ends.add(node).add(redis);
    if (this.#severed) this.sever(true);
  }

  #swallows(text: string): boolean {
    return this.#swallowing && /\r\ns?message\r\n/.test(text);
  }
}
