import { spawn } from 'node:child_process';
import { RedisServer } from './redis-server.ts';

/** What `npm test` runs: a Redis for all tests, then vitest with every project and the arguments that were given. */
async function main(): Promise<number> {
  const given = process.env.REDIS_URL;
  if (given) {
    console.log(`Tests use the Redis of REDIS_URL, under random key prefixes`);
    return vitest({});
  }
  await using server = await RedisServer.open();
  const { name, binary } = server.launcher;
  console.log(`Tests use ${name} on port ${server.port}`);
  return await vitest({ REDIS_URL: server.url, ...(binary === null ? {} : { REDIS_SERVER_BIN: binary }) });
}

/** Runs vitest to its end; gives its exit code. */
function vitest(environment: NodeJS.ProcessEnv): Promise<number> {
  const program = new URL('../../node_modules/vitest/vitest.mjs', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, 'run', ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  // Ctrl-C reaches vitest by itself: this process stays until it has ended, to stop the server.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
