import { once } from 'node:events';
import type { Redis } from 'ioredis';
import { chunks } from './batches.ts';
import { endConnection } from './redis-client.ts';

/** Channels in one SUBSCRIBE. */
const TOGETHER = 500;

/** What an ear tells. */
export interface EarHandlers {
  message(channel: string, text: string): void;
  /** The connection was lost and these channels are heard again now. */
  restored(channels: readonly string[]): void;
  /** Some channel has gone to another node of the Cluster. */
  moved(): void;
}

/** One connection that hears channels, and hears them again after each loss. */
export class Ear {
  readonly #redis: Redis;
  readonly #sharded: boolean;
  readonly #handlers: EarHandlers;
  readonly #channels = new Set<string>();
  #hearing = false;
  #lost = false;

  /** `sharded`: the channels are those of a Cluster (SSUBSCRIBE), all of them of this node. */
  constructor(redis: Redis, sharded: boolean, handlers: EarHandlers) {
    this.#redis = redis;
    this.#sharded = sharded;
    this.#handlers = handlers;
    // The connection for commands says what is wrong; without a listener ioredis would print it.
    redis.on('error', () => undefined);
    redis.on(sharded ? 'smessage' : 'message', (channel: string, text: string) =>
      handlers.message(channel, text),
    );
    redis.on('moved', () => handlers.moved());
    redis.on('close', () => {
      this.#hearing = false;
      this.#lost = true;
    });
    redis.on('ready', () => this.#restore());
  }

  /** True while every channel is heard. */
  get hearing(): boolean {
    return this.#hearing;
  }

  get idle(): boolean {
    return this.#channels.size === 0;
  }

  /** Resolves when the first attempt to connect has ended well, rejects when it has not. */
  async connected(): Promise<void> {
    if (this.#redis.status === 'ready') return;
    if (this.#redis.status !== 'connecting' && this.#redis.status !== 'connect') {
      throw new Error('Connection is closed');
    }
    // `close` after a failed attempt; AbortController ends the wait that lost.
    const wait = new AbortController();
    try {
      const { signal } = wait;
      const closed = once(this.#redis, 'close', { signal }).then(() => {
        throw new Error('Connection is closed');
      });
      closed.catch(() => undefined);
      await Promise.race([once(this.#redis, 'ready', { signal }), closed]);
    } finally {
      wait.abort();
    }
  }

  /** Hears a channel from when the promise resolves. */
  async hear(channel: string): Promise<void> {
    this.#channels.add(channel);
    try {
      await this.connected();
      await this.#subscribe([channel]);
    } catch (error) {
      this.#channels.delete(channel);
      throw error;
    }
  }

  /** Does not hear a channel any more. */
  forget(channel: string): void {
    if (!this.#channels.delete(channel) || this.#redis.status !== 'ready') return;
    const done = this.#sharded ? this.#redis.sunsubscribe(channel) : this.#redis.unsubscribe(channel);
    done.catch(() => undefined);
  }

  /** Makes the other side say something: a silent connection is given up. */
  prod(): void {
    if (this.#redis.status === 'ready') this.#redis.ping().catch(() => undefined);
  }

  close(): void {
    endConnection(this.#redis);
  }

  #restore(): void {
    const channels = [...this.#channels];
    this.#subscribe(channels).then(
      () => {
        this.#hearing = true;
        if (this.#lost) this.#handlers.restored(channels);
        this.#lost = false;
      },
      // The connection is lost again and comes back, or the channels have moved and are followed.
      () => this.#handlers.moved(),
    );
  }

  async #subscribe(channels: readonly string[]): Promise<void> {
    // Channels of different slots cannot share an SSUBSCRIBE.
    await Promise.all(
      this.#sharded
        ? channels.map((channel) => this.#redis.ssubscribe(channel))
        : chunks(channels, TOGETHER).map((part) => this.#redis.subscribe(...part)),
    );
  }
}
