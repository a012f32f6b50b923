import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianProgram } from './debian-program.ts';
import { freePort } from './free-port.ts';
import type { Place } from './phone-wire.ts';

/** Octets that the kernel keeps for SIPp: all that it allows by default. SIPp's own 64 kB hold 56 NOTIFYs, and lose what a machine that halts for half a second makes wait. */
const BUFFER_OCTETS = 212_992;
const SCENARIOS = new URL('../e2e/sipp/', import.meta.url).pathname;

export interface SippOptions {
  /** A file of `test/e2e/sipp`, without its ending, or the text of a scenario. */
  readonly scenario: string | { readonly text: string };
  readonly transport: 'udp' | 'tcp';
  readonly server: Place;
  /** The user part that is watched. */
  readonly service: string;
  /** What `[authentication]` in the scenario is made of. */
  readonly account?: SippAccount;
  /** How often the scenario is played: once unless given. */
  readonly calls?: number;
  /** Starts of it per second. */
  readonly rate?: number;
}

export interface SippAccount {
  readonly user: string;
  readonly password: string;
  /** The Request-URI without its scheme: SIPp does not read it from the scenario. */
  readonly uri: string;
}

/** Plays a scenario with SIPp. Rejects with what SIPp says is wrong unless every call went as written. */
export async function playSipp(options: SippOptions): Promise<void> {
  const { scenario, transport, server, service, account, calls = 1, rate = 50 } = options;
  const program = await debianProgram('sipp', 'sip-tester');
  const dir = await mkdtemp(join(tmpdir(), 'lamplighter-sipp-'));
  const errors = join(dir, 'errors.log');
  const args = [`${server.address}:${server.port}`, '-sf', await fileOf(scenario, dir)];
  args.push('-t', transport === 'udp' ? 'u1' : 't1', '-i', '127.0.0.1', '-p', `${await freePort()}`);
  args.push('-buff_size', `${BUFFER_OCTETS}`);
  args.push('-s', service, '-m', `${calls}`, '-r', `${rate}`, '-l', `${calls}`);
  if (account !== undefined) {
    args.push('-au', account.user, '-ap', account.password, '-auth_uri', account.uri);
  }
  args.push('-timeout', '60s', '-timeout_error', '-nostdin', '-trace_err', '-error_file', errors);
  try {
    const child = spawn(program, args, { cwd: dir, stdio: 'ignore' });
    const [code] = await once(child, 'exit');
    if (code !== 0) {
      const said = await readFile(errors, 'utf8').catch(() => '');
      throw new Error(`SIPp has ended with ${code}: ${said.slice(0, 4000)}`);
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function fileOf(scenario: SippOptions['scenario'], dir: string): Promise<string> {
  if (typeof scenario === 'string') return join(SCENARIOS, `${scenario}.xml`);
  const file = join(dir, 'scenario.xml');
  await writeFile(file, scenario.text);
  return file;
}
