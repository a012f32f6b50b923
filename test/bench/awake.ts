import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { hasProgram, pinned } from './process.ts';

/** Nothing, again and again, with the least that a core can do. */
const NOTHING = 'for (;;) Atomics.pause(1000)';

/**
 * Keeps the cores of a virtual machine from going to sleep, by a process on each that gives way to everything at once
 * (SCHED_IDLE): a core that sleeps is woken by the host, in its own time, and servers that wait for the next datagram
 * sleep thousands of times a second. Here 40 to 50 % of the machine was gone without it, and 2 % with it. Ends with us.
 */
export function keepAwake(): void {
  if (!hasProgram('chrt')) throw new Error('Cannot keep the cores awake: apt-get install util-linux');
  const spinners = cpus().map((_, core) => {
    const command = ['-n', '19', 'chrt', '--idle', '0', ...pinned(core), process.execPath, '-e', NOTHING];
    return spawn('nice', command, { stdio: 'ignore' });
  });
  for (const spinner of spinners) spinner.unref();
  process.on('exit', () => {
    for (const spinner of spinners) spinner.kill('SIGKILL');
  });
}
