import { type ChildProcess, fork } from 'node:child_process';
import type { Measured, Order, Phase, Reply, Target, Workload } from './phase.ts';
import { OTHER_CORE, pinned } from './process.ts';

/** The phones: a process of their own, on the core that the server does not have. */
export class PhoneProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async open(target: Target): Promise<PhoneProcess> {
    const [execPath, ...execArgv] = [...pinned(OTHER_CORE), process.execPath];
    const file = new URL('./phones.ts', import.meta.url).pathname;
    const phones = new PhoneProcess(fork(file, { execPath, execArgv }));
    await phones.#order({ kind: 'target', target });
    return phones;
  }

  async load(workload: Workload): Promise<void> {
    await this.#order({ kind: 'workload', workload });
  }

  async run(phase: Phase): Promise<Measured> {
    const measured = await this.#order({ kind: 'phase', phase });
    if (measured === null) throw new Error(`Cannot measure phase "${phase.kind}": it gave nothing`);
    return measured;
  }

  stop(): void {
    this.#child.disconnect();
  }

  #order(order: Order): Promise<Measured | null> {
    return new Promise((resolve, reject) => {
      const gone = () => reject(new Error('The phones are gone'));
      this.#child.once('exit', gone);
      this.#child.once('message', (reply: Reply) => {
        this.#child.off('exit', gone);
        if ('error' in reply) reject(new Error(reply.error));
        else resolve(reply.measured);
      });
      this.#child.send(order);
    });
  }
}
