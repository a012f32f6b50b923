import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { findLauncher, type Launched, type Launcher } from './redis-launcher.ts';

/** How long a server may take until it answers, in ms. */
const PATIENCE = 20_000;

export interface RedisServerOptions {
  /** More arguments of redis-server. */
  readonly args?: readonly string[];
}

/** A Redis of our own on loopback, with AOF written at each command. Its data stays over `kill` and `start`. */
export class RedisServer {
  readonly port: number;
  readonly launcher: Launcher;
  readonly #dir: string;
  readonly #args: readonly string[];
  #launched: Launched | null = null;

  private constructor(launcher: Launcher, port: number, dir: string, args: readonly string[]) {
    this.launcher = launcher;
    this.port = port;
    this.#dir = dir;
    this.#args = args;
  }

  /** Starts a server that answers when the promise resolves. */
  static async open({ args = [] }: RedisServerOptions = {}): Promise<RedisServer> {
    const [launcher, port, dir] = await Promise.all([
      findLauncher(),
      freePort(),
      mkdtemp(join(tmpdir(), 'lamplighter-redis-')),
    ]);
    const server = new RedisServer(launcher, port, dir, args);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it (again) on its port, with its data. */
  async start(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#dir, '--save', ''];
    const aof = ['--appendonly', 'yes', '--appendfsync', 'always'];
    this.#launched = await this.launcher.launch([...args, ...aof, ...this.#args], this.#dir);
    await this.#answers();
  }

  /** Ends it like a power cut. */
  async kill(): Promise<void> {
    await this.#launched?.kill();
    this.#launched = null;
  }

  /** Its process on this machine; null in a container, or when it was ended. */
  get pid(): number | null {
    return this.#launched?.pid ?? null;
  }

  /** Ends it, and starts it again without its data. */
  async lose(): Promise<void> {
    await this.kill();
    await rm(this.#dir, { recursive: true, force: true });
    await mkdir(this.#dir);
    await this.start();
  }

  /** Ends it and removes its data. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#dir, { recursive: true, force: true });
  }

  async #answers(): Promise<void> {
    const client = new Redis(this.port, '127.0.0.1', { retryStrategy: () => 50, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    try {
      const answer = await Promise.race([client.ping(), pause(PATIENCE, null, { ref: false })]);
      if (answer !== 'PONG') throw new Error(`Cannot start ${this.launcher.name}: it does not answer`);
    } finally {
      client.disconnect();
    }
  }
}
