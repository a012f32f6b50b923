import type { Contestant, Running } from './contestant.ts';
import type { Measured, Phase, Workload } from './phase.ts';
import { PhoneProcess } from './phone-process.ts';
import { memoryOf } from './usage.ts';

/** SUBSCRIBEs under way at any moment. */
const SUBSCRIBES = 32;

/** Memory in octets, by name of the process. */
export type Memory = Readonly<Record<string, number>>;

/** A contestant that runs, with phones of its own. */
export class Session {
  readonly #running: Running;
  readonly #phones: PhoneProcess;

  private constructor(running: Running, phones: PhoneProcess) {
    this.#running = running;
    this.#phones = phones;
  }

  static async open(contestant: Contestant): Promise<Session> {
    const running = await contestant.start();
    try {
      return new Session(running, await PhoneProcess.open(running.target));
    } catch (error) {
      await running.stop();
      throw error;
    }
  }

  /** The name of the process whose figures count. */
  get server(): string {
    return this.#running.server;
  }

  get redisUrl(): string {
    const { redisUrl } = this.#running;
    if (redisUrl === null) throw new Error('Cannot ask Redis: this contestant has none');
    return redisUrl;
  }

  /** The root of a process tree, by its name. */
  pidOf(name: string): number {
    return this.#running.target.processes[name] ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#phones.stop();
    await this.#running.stop();
  }

  /** Makes phones, and sets each of their lamps once, so that the first NOTIFY has a whole document in it. */
  async load(workload: Workload): Promise<void> {
    await this.#phones.load(workload);
    await this.#phones.run({ kind: 'prepare' });
  }

  run(phase: Phase): Promise<Measured> {
    return this.#phones.run(phase);
  }

  subscribe(kind: 'subscribe' | 'refresh' | 'unsubscribe'): Promise<Measured> {
    return this.#phones.run({ kind, window: SUBSCRIBES });
  }

  memory(): Memory {
    const { processes } = this.#running.target;
    return Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, memoryOf(pid)]));
  }
}
