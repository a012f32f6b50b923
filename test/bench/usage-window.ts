import type { Target } from './phase.ts';
import { cpuOfThreads, machineTime } from './usage.ts';

/** What was used since the window was opened. */
export interface Used {
  readonly seconds: number;
  /** CPU in microseconds, by name of the process. */
  readonly cpu: Readonly<Record<string, number>>;
  /** The part of the window in which the busiest thread ran, by name of the process. */
  readonly busiest: Readonly<Record<string, number>>;
  readonly phonesBusy: number;
  /** The part of all cores' time that went neither to the target's processes, nor to us, nor to idling. */
  readonly disturbed: number;
}

/** Opens a window over the CPU of the target's processes and our own; the function given back closes it. */
export function openWindow({ processes }: Target): () => Used {
  const before = Object.entries(processes).map(([name, pid]) => ({ name, pid, threads: cpuOfThreads(pid) }));
  const own = process.cpuUsage();
  const machine = machineTime();
  const since = performance.now();
  return () => {
    const seconds = (performance.now() - since) / 1000;
    const { user, system } = process.cpuUsage(own);
    const used = before.map(({ name, pid, threads }) => ({ name, threads: usedSince(threads, pid) }));
    const { busy, total } = machineTime();
    const ours = used.reduce((sum, { threads }) => sum + sumOf(threads), user + system) / 1e6;
    return {
      seconds,
      cpu: byName(used, sumOf),
      busiest: byName(used, (threads) => Math.max(0, ...threads) / 1e6 / seconds),
      phonesBusy: (user + system) / 1e6 / seconds,
      disturbed: Math.max(0, busy - machine.busy - ours) / Math.max(0.01, total - machine.total),
    };
  };
}

interface ProcessUse {
  readonly name: string;
  /** CPU of each of its threads in microseconds. */
  readonly threads: readonly number[];
}

function usedSince(before: ReadonlyMap<string, number>, pid: number): readonly number[] {
  return [...cpuOfThreads(pid)].map(([thread, us]) => us - (before.get(thread) ?? 0));
}

function byName(
  used: readonly ProcessUse[],
  value: (threads: readonly number[]) => number,
): Record<string, number> {
  return Object.fromEntries(used.map(({ name, threads }) => [name, value(threads)]));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
