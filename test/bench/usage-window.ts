import type { Target } from './phase.ts';
import { cpuOf, machineTime } from './usage.ts';

/** What was used since the window was opened. */
export interface Used {
  readonly seconds: number;
  /** CPU in microseconds, by name of the process. */
  readonly cpu: Readonly<Record<string, number>>;
  readonly phonesBusy: number;
  /** The part of all cores' time that went neither to the target's processes, nor to us, nor to idling. */
  readonly disturbed: number;
}

/** Opens a window over the CPU of the target's processes and our own; the function given back closes it. */
export function openWindow({ processes }: Target): () => Used {
  const before = cpuOfAll(processes);
  const own = process.cpuUsage();
  const machine = machineTime();
  const since = performance.now();
  return () => {
    const seconds = (performance.now() - since) / 1000;
    const { user, system } = process.cpuUsage(own);
    const cpu = Object.entries(cpuOfAll(processes)).map(
      ([name, us]) => [name, us - (before[name] ?? 0)] as const,
    );
    const { busy, total } = machineTime();
    const ours = cpu.reduce((sum, [, us]) => sum + us, user + system) / 1e6;
    return {
      seconds,
      cpu: Object.fromEntries(cpu),
      phonesBusy: (user + system) / 1e6 / seconds,
      disturbed: Math.max(0, busy - machine.busy - ours) / Math.max(0.01, total - machine.total),
    };
  };
}

function cpuOfAll(processes: Target['processes']): Record<string, number> {
  return Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, cpuOf(pid)]));
}
