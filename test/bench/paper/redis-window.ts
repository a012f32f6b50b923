import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { cpuOfThreads } from '../usage.ts';
import type { Cost } from './constants.ts';

/** What Redis has done until now. */
interface Done {
  readonly at: number;
  readonly us: number;
  readonly commands: number;
  readonly octetsIn: number;
  readonly octetsOut: number;
}

/** Until checkpoints and what else follows is written, in ms. */
const CALM_MS = 3_000;

/** Measures what Redis does, and leaves out what it would have done anyway. */
export class RedisWindow {
  readonly #redis: Redis;
  readonly #pid: number;
  #idle: Cost = { us: 0, commands: 0, octetsIn: 0, octetsOut: 0 };

  constructor(redis: Redis, pid: number) {
    this.#redis = redis;
    this.#pid = pid;
  }

  /** Takes what it does in these seconds, a second, as what it does anyway; what was asked before is done first. */
  async idle(seconds: number): Promise<void> {
    this.#idle = { us: 0, commands: 0, octetsIn: 0, octetsOut: 0 };
    await pause(CALM_MS);
    this.#idle = await this.cost(async () => {
      await pause(1000 * seconds);
      return seconds;
    });
  }

  /** What each of the operations costs which `work` says it has done. */
  async cost(work: () => Promise<number>): Promise<Cost> {
    const before = await this.#done();
    const operations = await work();
    const after = await this.#done();
    const seconds = (after.at - before.at) / 1000;
    const each = (part: keyof Cost) =>
      Math.max(0, after[part] - before[part] - this.#idle[part] * seconds) / Math.max(1, operations);
    return {
      us: each('us'),
      commands: each('commands'),
      octetsIn: each('octetsIn'),
      octetsOut: each('octetsOut'),
    };
  }

  async memory(): Promise<number> {
    return numberIn(await this.#redis.info('memory'), 'used_memory');
  }

  async #done(): Promise<Done> {
    const stats = await this.#redis.info('stats');
    return {
      at: performance.now(),
      // Its main thread: what else there is writes files, and sets no bound.
      us: Math.max(...cpuOfThreads(this.#pid).values()),
      commands: numberIn(stats, 'total_commands_processed'),
      octetsIn: numberIn(stats, 'total_net_input_bytes'),
      octetsOut: numberIn(stats, 'total_net_output_bytes'),
    };
  }
}

function numberIn(info: string, name: string): number {
  const line = info.split('\r\n').find((each) => each.startsWith(`${name}:`));
  return Number(line?.slice(name.length + 1) ?? Number.NaN);
}
