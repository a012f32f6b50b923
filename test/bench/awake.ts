import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { hasProgram, pinned } from './process.ts';

/** 1: each session has the same share of a core, whatever its priority is (sched(7)). */
const AUTOGROUP = '/proc/sys/kernel/sched_autogroup_enabled';
/** Nothing, again and again, with the least that a core can do. */
const NOTHING = 'for (;;) Atomics.pause(1000)';

/**
 * Keeps the cores of a virtual machine from going to sleep, by a process on each that gives way to everything at once
 * (SCHED_IDLE): a core that sleeps is woken by the host, in its own time, and servers that wait for the next datagram
 * sleep thousands of times a second. Here 40 to 50 % of the machine was gone without it, and 2 % with it. Ends with us.
 */
export function keepAwake(): void {
  if (!hasProgram('chrt')) throw new Error('Cannot keep the cores awake: apt-get install util-linux');
  // Servers have sessions of their own, and some stood still for seconds beside what was to give way to them.
  if (isAutogrouped()) throw new Error(`Cannot keep the cores awake: echo 0 > ${AUTOGROUP}`);
  const spinners = cpus().map((_, core) => {
    const command = ['-n', '19', 'chrt', '--idle', '0', ...pinned(core), process.execPath, '-e', NOTHING];
    return spawn('nice', command, { stdio: 'ignore' });
  });
  for (const spinner of spinners) spinner.unref();
  process.on('exit', () => {
    for (const spinner of spinners) spinner.kill('SIGKILL');
  });
}

function isAutogrouped(): boolean {
  try {
    return readFileSync(AUTOGROUP, 'latin1').startsWith('1');
  } catch {
    return false;
  }
}
