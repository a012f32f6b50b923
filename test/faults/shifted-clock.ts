import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LamplighterProcess, Settings } from '../support/lamplighter-process.ts';

const PRELOAD = new URL('./preload/clock.ts', import.meta.url).href;

/** The wall clock of a node, which can be put wrong while it runs. */
export class ShiftedClock implements AsyncDisposable {
  /** What makes a node look at this clock. */
  readonly settings: Settings;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.settings = { NODE_OPTIONS: `--import=${PRELOAD}`, FAULTS_CLOCK_FILE: join(folder, 'ms') };
  }

  static async open(): Promise<ShiftedClock> {
    const clock = new ShiftedClock(await mkdtemp(join(tmpdir(), 'lamplighter-clock-')));
    await clock.#write(0);
    return clock;
  }

  /** Puts the clock of a node so many ms off the true time. */
  async shift(node: LamplighterProcess, ms: number): Promise<void> {
    await this.#write(ms);
    node.signal('SIGUSR2');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  #write(ms: number): Promise<void> {
    return writeFile(join(this.#folder, 'ms'), String(ms));
  }
}
