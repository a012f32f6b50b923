import { type ChildProcess, fork } from 'node:child_process';
import type { Order, Places, Reply, Report, Sizes } from './checker/orders.ts';

/** The checker, in a process of its own: neither the node nor the test can hold up its phones. */
export class CheckerProcess implements Disposable {
  readonly #child: ChildProcess;
  readonly #reports: Report[] = [];

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async open(places: Places, sizes: Sizes): Promise<CheckerProcess> {
    const main = new URL('./checker/main.ts', import.meta.url).pathname;
    const checker = new CheckerProcess(fork(main, { execArgv: [] }));
    await checker.order({ kind: 'open', places, sizes });
    return checker;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Has an order carried out; gives what was seen since the order before, which `report` has, too. Rejects when it cannot be done. */
  order(order: Order): Promise<Report> {
    return new Promise((resolve, reject) => {
      const gone = () => reject(new Error('The checker is gone'));
      this.#child.once('exit', gone);
      this.#child.once('message', (reply: Reply) => {
        this.#child.off('exit', gone);
        if ('error' in reply) reject(new Error(reply.error));
        else {
          this.#reports.push(reply.report);
          resolve(reply.report);
        }
      });
      this.#child.send(order);
    });
  }

  /** What was seen in all orders since the last report. */
  report(): Report {
    const reports = this.#reports.splice(0);
    const sum = (key: Exclude<keyof Report, 'violations'>) =>
      reports.reduce((total, report) => total + report[key], 0);
    return {
      violations: reports.flatMap(({ violations }) => violations),
      count: sum('count'),
      lateMs: sum('lateMs'),
      changes: sum('changes'),
      refused: sum('refused'),
      notifies: sum('notifies'),
      copies: sum('copies'),
      refreshes: sum('refreshes'),
    };
  }

  [Symbol.dispose](): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}
