import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpus } from 'node:os';

/** The core of the server under test, and that of everything else. */
export const SERVER_CORE = 0;
export const OTHER_CORE = 1;

/** A process that was started for the benchmark. */
export interface Started {
  readonly pid: number;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly command: readonly string[];
  readonly core: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Resolves when the server can be used; polled. */
  readonly ready: () => Promise<boolean>;
}

// What was started does not outlive the benchmark, however that ends.
const running = new Set<number>();
process.on('exit', () => {
  for (const pid of running) process.kill(-pid, 'SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));

/** How long a server may take to start, in ms. */
const PATIENCE_MS = 60_000;

/** The words in front of a command that keep it on one core; none where that is not possible. */
export function pinned(core: number): readonly string[] {
  return core < cpus().length && hasProgram('taskset') ? ['taskset', '-c', String(core)] : [];
}

/** True if a program of that name can be run. */
export function hasProgram(name: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Starts a server on its core; rejects with what it has said when it does not get ready. */
export async function start({ command, core, env = {}, ready }: StartOptions): Promise<Started> {
  const [program = '', ...args] = [...pinned(core), ...command];
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: what it forks is stopped with it.
    detached: true,
  });
  const { pid = 0 } = child;
  if (pid !== 0) running.add(pid);
  child.once('exit', () => running.delete(pid));
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => {
      said.push(String(bytes));
      said.splice(0, said.length - 50);
    });
  }
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await ready().catch(() => false))) {
    if (Date.now() > deadline || child.exitCode !== null) {
      await stop(child);
      throw new Error(`Cannot start ${command[0]}: ${said.join('').trim().slice(-1000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { pid, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGTERM');
  const { pid } = child;
  const timer = setTimeout(() => process.kill(-pid, 'SIGKILL'), 20_000);
  await gone;
  clearTimeout(timer);
}
