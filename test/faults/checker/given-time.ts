import { readFileSync } from 'node:fs';

/** How often the kernel is asked at most, in ms: it counts in ticks of 10. */
const EVERY_MS = 20;

/** Where a clock looks. */
export interface Sources {
  /** ms that never go back. */
  readonly wall: () => number;
  /** The text of /proc/stat. */
  readonly stat: () => string;
}

const MACHINE: Sources = {
  wall: () => performance.now(),
  stat: () => readFileSync('/proc/stat', 'latin1'),
};

/**
 * A clock in ms that leaves out what the host of this virtual machine gave to others. Hosts were seen that kept nine
 * tenths of the time for minutes: what is due within 10 s is due within 10 s of what a machine can do.
 */
export function givenTime({ wall, stat }: Sources = MACHINE): () => number {
  let seen = ticksOf(stat());
  let asked = wall();
  let given = 0;
  return () => {
    const now = wall();
    if (now - asked < EVERY_MS) return given;
    const ticks = ticksOf(stat());
    const total = ticks.total - seen.total;
    const kept = total > 0 ? (ticks.stolen - seen.stolen) / total : 0;
    given += (now - asked) * (1 - kept);
    asked = now;
    seen = ticks;
    return given;
  };
}

/** That of this process. */
export const givenNow = givenTime();

/** proc_stat(5): user nice system idle iowait irq softirq steal, over all cores. */
function ticksOf(stat: string): { readonly total: number; readonly stolen: number } {
  const ticks = stat.slice(0, stat.indexOf('\n')).split(/\s+/).slice(1, 9).map(Number);
  return { total: ticks.reduce((sum, each) => sum + each, 0), stolen: ticks[7] ?? 0 };
}
