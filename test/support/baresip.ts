import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { debianProgram } from './debian-program.ts';
import { freePort } from './free-port.ts';
import { Mailbox } from './mailbox.ts';
import type { Place } from './phone-wire.ts';

/** A softphone that watches one contact, without sound or screen. */
export class Baresip {
  /** What it prints, line by line. */
  readonly lines = new Mailbox<string>('line of baresip');
  readonly #child: ChildProcess;
  readonly #dir: string;

  private constructor(child: ChildProcess, dir: string) {
    this.#child = child;
    this.#dir = dir;
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + stripVTControlCharacters(text)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.lines.push(line);
    });
  }

  /** Starts it; it subscribes to the presence of `user` at once. */
  static async open(server: Place, user: string, transport: 'udp' | 'tls' = 'udp'): Promise<Baresip> {
    const program = await debianProgram('baresip', 'baresip-core');
    const stdbuf = await debianProgram('stdbuf', 'coreutils');
    const dir = await mkdtemp(join(tmpdir(), 'lamplighter-baresip-'));
    const host = `${server.address}:${server.port};transport=${transport}`;
    await Promise.all([
      writeFile(join(dir, 'config'), configText(await freePort())),
      writeFile(join(dir, 'accounts'), `<sip:desk@${host}>;regint=0\n`),
      writeFile(join(dir, 'contacts'), `"Lamp" <sip:${user}@${host}>;presence=p2p\n`),
    ]);
    // Without stdbuf it would print when it ends.
    const child = spawn(stdbuf, ['-oL', program, '-f', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    return new Baresip(child, dir);
  }

  /** Resolves when it says that its contact has this status now. */
  async shows(status: 'Online' | 'Busy'): Promise<void> {
    await this.lines.until(
      (line) => line.includes('changed status') && line.endsWith(`to ${status}`),
      10_000,
    );
  }

  /** Asks it to end: it unsubscribes first. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.#dir, { recursive: true, force: true });
  }
}

function configText(port: number): string {
  const [presence] = globSync('/usr/{lib,lib/*,local/lib}/baresip/modules/presence.so');
  if (presence === undefined) throw new Error('Cannot find the presence module of baresip');
  const lines = [`sip_listen 127.0.0.1:${port}`, `module_path ${dirname(presence)}`, 'module g711.so'];
  lines.push('module_tmp account.so', 'module_app contact.so', 'module_app presence.so');
  return `${lines.join('\n')}\n`;
}
