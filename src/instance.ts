import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/** A name that no other process ever has; it tells on which system it runs, and as which process. */
export function newInstance(): string {
  return [systemMark(), process.pid, randomBytes(8).toString('hex')].join('/');
}

/** True if the process behind an instance is known to be dead; one on another system may always live. */
export function isGone(instance: string): boolean {
  const [system, pid] = instance.split('/');
  const here = systemMark();
  if (here === '' || system !== here) return false;
  // The name is free while nobody knows of us: who has our number was here before.
  return Number(pid) === process.pid || !lives(Number(pid));
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, as somebody else's.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** This boot of this machine and its set of process numbers (a container has its own); '' where that cannot be known. */
function systemMark(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const pids = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
    return pids === '' ? '' : `${boot}-${pids}`;
  } catch {
    return '';
  }
}
