import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of each thread of a process and its descendants by thread id, in microseconds, as the kernel counts it. */
export function cpuOfThreads(pid: number): ReadonlyMap<string, number> {
  return new Map(treeOf(pid).flatMap(threadTimesOf));
}

/** Memory of a process tree in octets: resident, and shared pages counted once. */
export function memoryOf(pid: number): number {
  const tree = treeOf(pid);
  if (tree.length === 1) return kilobytes(`/proc/${pid}/status`, 'VmRSS:') * 1024;
  return tree.reduce((sum, each) => sum + kilobytes(`/proc/${each}/smaps_rollup`, 'Pss:') * 1024, 0);
}

/**
 * Seconds of all cores since the start of the machine: in all, and those that were not idle or were stolen by its host.
 * What is niced gives way at once, and counts as idle.
 */
export function machineTime(): { readonly busy: number; readonly total: number } {
  const [line = ''] = read('/proc/stat').split('\n', 1);
  // user nice system idle iowait irq softirq steal (proc_stat(5)), in ticks of 10 ms.
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  const total = ticks.reduce((sum, each) => sum + each, 0);
  const [, nice = 0, , idle = 0, iowait = 0] = ticks;
  return { busy: (total - nice - idle - iowait) / 100, total: total / 100 };
}

function treeOf(pid: number): readonly number[] {
  const children = threadsOf(pid).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(' '),
  );
  const pids = children.filter((child) => child.trim() !== '').map(Number);
  return [pid, ...pids.flatMap(treeOf)];
}

function threadTimesOf(pid: number): readonly (readonly [string, number])[] {
  // schedstat counts nanoseconds, stat ticks of 10 ms only. A thread that has ended is in neither.
  const nsOf = (thread: string) => Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0] ?? 0);
  return threadsOf(pid).map((thread) => [thread, nsOf(thread) / 1000]);
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function kilobytes(file: string, key: string): number {
  const line = read(file)
    .split('\n')
    .find((each) => each.startsWith(key));
  return Number.parseInt(line?.slice(key.length).trim() ?? '0', 10);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
