import { Cluster, type Redis } from 'ioredis';
import type { StoreLog } from '../store-log.ts';
import { connectRedis, leaveConnection } from './redis-client.ts';
import { redisFault } from './redis-fault.ts';
import { formatTarget, type RedisTarget } from './redis-url.ts';
import { type Script, scripts } from './scripts.ts';

/**
 * For so long after Redis was away, or another server has taken the place of one, it may hold less than what nodes know,
 * in ms: by then each of them has compared everything, whatever it has noticed.
 */
const UNSETTLED_MS = 30_000;

/** What a command takes as an argument. */
export type Argument = string | number;

/** The connection for commands: turns what goes wrong into faults, and tells when Redis is back. */
export class Connection {
  readonly target: RedisTarget;
  readonly client: Redis | Cluster;
  /** The client again, if it is that of a Cluster. */
  readonly cluster: Cluster | null;
  readonly #place: string;
  readonly #log: StoreLog;
  readonly #backListeners: (() => void)[] = [];
  #away: string | null = null;
  #closed = false;
  #unsettledUntil = Number.NEGATIVE_INFINITY;
  /** The primaries of the Cluster, as far as they have slots. */
  #primaries = '';

  constructor(target: RedisTarget, log: StoreLog) {
    this.target = target;
    this.#place = formatTarget(target);
    this.#log = log;
    this.client = connectRedis(target);
    this.cluster = this.client instanceof Cluster ? this.client : null;
    this.client.on('ready', () => this.#onReady());
    this.client.on('error', (error: Error) => this.#onLost(error.message));
    this.client.on('close', () => this.#onLost('connection closed'));
    // A node of a Cluster that was lost and is there again.
    this.client.on('+node', () => {
      if (this.ready()) this.#tellBack();
    });
    this.client.on('refresh', () => this.#comparePrimaries());
  }

  /** False while commands would fail. */
  ready(): boolean {
    return this.client.status === 'ready' && !this.#closed;
  }

  /** True while Redis may have lost what was answered. */
  unsettled(): boolean {
    return performance.now() < this.#unsettledUntil;
  }

  /** Calls `listener` each time when Redis can be reached again. */
  onBack(listener: () => void): void {
    this.#backListeners.push(listener);
  }

  /** Resolves when Redis can be reached for the first time, or after `ms`. */
  async settled(ms: number): Promise<void> {
    if (this.ready()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.client.once('ready', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Sends the commands that `work` gives with one system call, where there is one server. */
  together<T>(work: () => T): T {
    const stream = this.cluster === null ? (this.client as Redis).stream : undefined;
    stream?.cork();
    try {
      return work();
    } finally {
      stream?.uncork();
    }
  }

  /** Runs a script, also on a server that has lost it. */
  async script(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    try {
      return await this.client.evalsha(script.sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw this.fault(error);
    }
    return this.guard(this.client.eval(script.lua, keys.length, ...keys, ...args));
  }

  /** The reply, or a fault. */
  async guard<T>(reply: Promise<T>): Promise<T> {
    try {
      return await reply;
    } catch (error) {
      throw this.fault(error);
    }
  }

  /** The fault of what a command threw. */
  fault(error: unknown): Error {
    const fault = redisFault(error, this.#place);
    if (fault.code === 'STORE_AWAY') this.#unsettle();
    return fault;
  }

  /** Sends what is under way and ends the connection. */
  async close(): Promise<void> {
    this.#closed = true;
    await leaveConnection(this.client);
  }

  /** Gives the scripts to the servers beforehand, so that a burst of calls does not carry their text. */
  #loadScripts(): void {
    // Without a Cluster the client is that of the one server.
    const servers = this.cluster === null ? [this.client as Redis] : this.cluster.nodes('master');
    for (const server of servers) {
      for (const { lua } of Object.values(scripts)) server.script('LOAD', lua).catch(() => undefined);
    }
  }

  #unsettle(): void {
    this.#unsettledUntil = performance.now() + UNSETTLED_MS;
  }

  /** A replica that takes the place of its primary says nothing: only the slots tell. */
  #comparePrimaries(): void {
    const primaries = [...new Set(this.cluster?.slots.map((servers) => servers[0]))].sort().join();
    if (this.#primaries !== '' && this.#primaries !== primaries) this.#unsettle();
    this.#primaries = primaries;
  }

  #onReady(): void {
    this.#loadScripts();
    if (this.#away === null) return;
    this.#unsettle();
    this.#log.info(`Redis can be reached again: ${this.#place}`);
    this.#away = null;
    this.#tellBack();
  }

  #tellBack(): void {
    for (const listener of this.#backListeners) listener();
  }

  #onLost(reason: string): void {
    if (this.#away === null && !this.#closed)
      this.#log.warn(`Cannot reach Redis at ${this.#place}: ${reason}`);
    this.#away = reason;
  }
}
