import { runCli } from '../../../src/cli.ts';

export interface Ran {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

/** Runs a command without colours in an environment of its own. */
export async function ran(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  ended: AbortSignal = new AbortController().signal,
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    env,
    ended,
    colour: false,
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
  };
  return { code: await runCli(args, io), out, err };
}
