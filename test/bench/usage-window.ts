import type { Target } from './phase.ts';
import { cpuOf } from './usage.ts';

/** What was used since the window was opened. */
export interface Used {
  readonly seconds: number;
  /** CPU in microseconds, by name of the process. */
  readonly cpu: Readonly<Record<string, number>>;
  readonly phonesBusy: number;
}

/** Opens a window over the CPU of the target's processes and our own; the function given back closes it. */
export function openWindow({ processes }: Target): () => Used {
  const before = cpuOfAll(processes);
  const own = process.cpuUsage();
  const since = performance.now();
  return () => {
    const seconds = (performance.now() - since) / 1000;
    const { user, system } = process.cpuUsage(own);
    const cpu = Object.entries(cpuOfAll(processes)).map(([name, us]) => [name, us - (before[name] ?? 0)]);
    return { seconds, cpu: Object.fromEntries(cpu), phonesBusy: (user + system) / 1e6 / seconds };
  };
}

function cpuOfAll(processes: Target['processes']): Record<string, number> {
  return Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, cpuOf(pid)]));
}
