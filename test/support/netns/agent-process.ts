import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Order, Reply, Results } from './orders.ts';

/** An agent in a network namespace, who runs servers and phones there. */
export class Agent implements AsyncDisposable {
  readonly #child: ChildProcess;

  /** `name`: of the namespace. */
  constructor(name: string) {
    const { PATH, HOME, REDIS_SERVER_BIN } = process.env;
    const env = { PATH, HOME, ...(REDIS_SERVER_BIN && { REDIS_SERVER_BIN }) };
    const main = new URL('./agent.ts', import.meta.url).pathname;
    this.#child = fork(main, { execPath: 'ip', execArgv: ['netns', 'exec', name, process.execPath], env });
  }

  /** Has an order carried out, one at a time; rejects when it cannot be. */
  order<K extends Order['kind']>(order: Extract<Order, { kind: K }>): Promise<Results[K]> {
    return new Promise((resolve, reject) => {
      const gone = () => reject(new Error('The agent is gone'));
      this.#child.once('exit', gone);
      this.#child.once('message', (reply: Reply) => {
        this.#child.off('exit', gone);
        if ('error' in reply) reject(new Error(reply.error));
        // The agent gives for each kind what `Results` says.
        else resolve(reply.result as Results[K]);
      });
      this.#child.send(order);
    });
  }

  /** Ends it and all that it runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}
