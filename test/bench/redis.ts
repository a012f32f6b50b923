import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { hasProgram, OTHER_CORE, type Started, start } from './process.ts';
import { tcpPing } from './tcp-ping.ts';

/** The program that serves Redis here, or null. */
export function redisProgram(): string | null {
  return ['redis-server', 'valkey-server'].find(hasProgram) ?? null;
}

/** A Redis of the benchmark's own, durable as in production: AOF, written to disk each second. */
export async function startRedis(program: string): Promise<Started & { readonly url: string }> {
  const port = await freePort();
  const dir = await mkdtemp(join(tmpdir(), 'lamplighter-bench-redis-'));
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  const started = await start({
    command: [program, ...place, '--appendonly', 'yes', '--appendfsync', 'everysec'],
    core: OTHER_CORE,
    ready: () => tcpPing(port),
  });
  const stop = async () => {
    await started.stop();
    await rm(dir, { recursive: true, force: true });
  };
  return { pid: started.pid, stop, url: `redis://127.0.0.1:${port}` };
}
