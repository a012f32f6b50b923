import type { Config } from './config.ts';
import { Fault } from './errors.ts';

/**
 * Runs Lamplighter until SIGTERM or SIGINT and says in five lines how to light a first lamp. What cannot start
 * says so in one line and leaves exit code 1.
 */
export async function run(load: () => Config): Promise<void> {
  try {
    const config = load();
    await (await runnerOf(config))(config);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    console.error(`${error.message} [${error.code}]`);
    process.exitCode = 1;
  }
}

/** The process that looks after workers needs nothing of the server, and is smaller without. */
async function runnerOf({ workers }: Config): Promise<(config: Config) => Promise<void>> {
  if (workers > 1) return (await import('./workers/primary.ts')).runWorkers;
  return (await import('./run-alone.ts')).runAlone;
}
