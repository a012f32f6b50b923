import { spawn } from 'node:child_process';
import { findLauncher } from './redis-launcher.ts';
import { RedisServer } from './redis-server.ts';

/** What `npm test` runs: a Redis for all tests, then vitest with every project and the arguments that were given. */
async function main(): Promise<number> {
  // Once for all test files: what is missing is installed here, or said here.
  const launcher = await findLauncher();
  const environment = launcher.binary === null ? {} : { REDIS_SERVER_BIN: launcher.binary };
  if (process.env.REDIS_URL) {
    console.log(
      `Tests use the Redis of REDIS_URL under random key prefixes, and ${launcher.name} where they stop it`,
    );
    return vitest(environment);
  }
  await using server = await RedisServer.open();
  console.log(`Tests use ${launcher.name} on port ${server.port}`);
  return await vitest({ ...environment, REDIS_URL: server.url });
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
