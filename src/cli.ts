import { checkCommand } from './cli/check.ts';
import { getCommand } from './cli/get.ts';
import { ha1Command } from './cli/ha1.ts';
import { HELP } from './cli/help.ts';
import { CliFailure, type CliIo } from './cli/io.ts';
import { readPassword } from './cli/read-password.ts';
import { setCommand } from './cli/set.ts';
import { watchCommand } from './cli/watch/watch.ts';
import { loadConfig } from './config.ts';
import { Fault } from './errors.ts';

/** A command that fails throws; `serve` sets the exit code of the process itself. */
type Command = (args: readonly string[], io: CliIo) => void | Promise<void>;

const COMMANDS: Readonly<Record<string, Command>> = {
  serve: async () => {
    // Only this command needs the server, and the others start faster without it.
    const { run } = await import('./run.ts');
    await run(loadConfig);
  },
  set: setCommand,
  get: getCommand,
  watch: watchCommand,
  ha1: ha1Command,
  check: checkCommand,
};

/**
 * Runs one command. Gives the exit code: 0, 1 when it failed, 2 when it was called wrongly; a failure is one
 * line on standard error. A bug is thrown.
 */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  const [name = '', ...rest] = args;
  if (name === '' || name === 'help' || args.includes('--help') || args.includes('-h')) {
    io.out(HELP);
    return name === '' ? 2 : 0;
  }
  try {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined)
      throw new CliFailure(`Cannot run "${name}": it must be one of ${Object.keys(COMMANDS).join(', ')}`, 2);
    await command(rest, io);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return failed(error, io);
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const piece of stream.setEncoding('utf8')) text += piece;
  return text;
}

/** The terminal of this process; Ctrl-C and SIGTERM end the command. */
export function terminalIo(): CliIo {
  const { stdin, stderr } = process;
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    colour: process.stdout.isTTY === true && process.stdout.hasColors(),
    ended: ended.signal,
    input: () => (stdin.isTTY ? readPassword(stdin, (text) => void stderr.write(text)) : readAll(stdin)),
  };
}

function failed(error: unknown, io: CliIo): number {
  if (error instanceof CliFailure || error instanceof Fault) {
    io.err(error.message);
    return error instanceof CliFailure ? error.exitCode : 1;
  }
  // parseArgs says in one line which option it does not know.
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    io.err(error.message);
    return 2;
  }
  throw error;
}

if (import.meta.main) process.exitCode = await runCli(process.argv.slice(2), terminalIo());
