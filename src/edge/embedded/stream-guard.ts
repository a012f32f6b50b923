import type { Socket } from 'node:net';
import { sourceOf } from './address.ts';
import type { Door } from './door.ts';
import { Lifeline } from './lifeline.ts';
import type { EdgeLimits } from './limits.ts';

/** What a guard of streams needs. */
export interface StreamGuardOptions {
  readonly limits: EdgeLimits;
  readonly door: Pick<Door, 'rateOf' | 'refused'>;
  /** ms of a clock that never goes back. */
  now(): number;
}

/** Looks after every stream: how many there may be, and that none is held open for nothing. */
export class StreamGuard {
  readonly #options: StreamGuardOptions;
  readonly #bySource = new Map<string, number>();
  readonly #lifelines = new Map<Lifeline, string>();
  #accepted = 0;
  #sweeper: NodeJS.Timeout | null = null;

  constructor(options: StreamGuardOptions) {
    this.#options = options;
  }

  /** Streams that are watched now, and sources that have any. */
  get size(): { readonly streams: number; readonly sources: number } {
    return { streams: this.#lifelines.size, sources: this.#bySource.size };
  }

  /** Takes a stream that a peer has opened, until it is closed; null when there are too many, or too fast. */
  accept(socket: Socket, address: string): Lifeline | null {
    const source = sourceOf(address);
    if (!this.#mayOpen(address, source)) return null;
    this.#accepted += 1;
    this.#bySource.set(source, (this.#bySource.get(source) ?? 0) + 1);
    socket.once('close', () => this.#release(source));
    return this.watch(socket, address);
  }

  /** Watches a stream, whoever has opened it, until it is closed. */
  watch(socket: Socket, address: string): Lifeline {
    const lifeline = new Lifeline(this.#options.now(), () => socket.destroy());
    this.#lifelines.set(lifeline, address);
    socket.once('close', () => this.#lifelines.delete(lifeline));
    this.#sweeper ??= setInterval(() => this.sweep(), this.#sweepMs).unref();
    return lifeline;
  }

  /** Ends what has been silent or unfinished for too long. */
  sweep(): void {
    const { limits, door } = this.#options;
    const now = this.#options.now();
    for (const [lifeline, address] of this.#lifelines) {
      const verdict = lifeline.judge(now, limits);
      if (verdict === 'fine') continue;
      if (verdict === 'ping') {
        lifeline.ping?.();
        continue;
      }
      door.refused(verdict === 'idle' ? 'stream_idle' : 'stream_slow', address);
      lifeline.destroy();
    }
  }

  /** Closes every stream that is left. */
  close(): void {
    if (this.#sweeper !== null) clearInterval(this.#sweeper);
    this.#sweeper = null;
    for (const lifeline of this.#lifelines.keys()) lifeline.destroy();
  }

  /** A limit is kept to within a quarter. */
  get #sweepMs(): number {
    const { messageMs, idleMs, pingMs } = this.#options.limits;
    return Math.max(5, Math.min(1_000, Math.min(messageMs, idleMs, pingMs) / 4));
  }

  #mayOpen(address: string, source: string): boolean {
    const { limits, door } = this.#options;
    const full = this.#accepted >= limits.connections;
    const greedy =
      !limits.exempts(address) && (this.#bySource.get(source) ?? 0) >= limits.connectionsPerSource;
    if (full || greedy) {
      door.refused('stream_refused', address);
      return false;
    }
    return door.rateOf(address) === 'serve';
  }

  #release(source: string): void {
    this.#accepted -= 1;
    const left = (this.#bySource.get(source) ?? 1) - 1;
    if (left === 0) this.#bySource.delete(source);
    else this.#bySource.set(source, left);
  }
}
