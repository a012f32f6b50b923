import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { randomToken } from './phone.ts';
import type { Place, WireTransport } from './phone-wire.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
/** How long a start may take on a busy machine, in ms. */
const PATIENCE_MS = 60_000;
const ATTEMPTS = 5;

/** A test that hangs never ends its Lamplighter: then it ends with the test file. Scripts have no such end. */
const running = new Set<ChildProcess>();
if (process.env.VITEST !== undefined) {
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
  });
}

/** Environment variables of one Lamplighter. Nothing else of ours reaches it, REDIS_URL neither. */
export type Settings = Readonly<Record<string, string>>;

/** An answer of the HTTP API. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Settings with free ports, a node name and a level of log that tests want. */
export function freshSettings(): Settings {
  const [sip, tls, ws, wss, http] = differentPorts();
  return {
    LAMPLIGHTER_SIP_PORT: `${sip}`,
    LAMPLIGHTER_SIP_TLS_PORT: `${tls}`,
    LAMPLIGHTER_SIP_WS_PORT: `${ws}`,
    LAMPLIGHTER_SIP_WSS_PORT: `${wss}`,
    LAMPLIGHTER_HTTP_PORT: `${http}`,
    LAMPLIGHTER_NODE_ID: `node-${randomToken()}`,
    LAMPLIGHTER_LOG_LEVEL: 'warn',
    LAMPLIGHTER_SIP_EXPIRES_JITTER_PERCENT: '0',
    // A slow machine is no overload that a test is about.
    LAMPLIGHTER_OVERLOAD_LAG_MS: '60000',
  };
}

/**
 * Starts `node src/main.ts` and waits until it is up. Gives ports of its own, a node name and an empty data
 * directory to what the settings leave open.
 */
export async function startLamplighter(settings: Settings = {}): Promise<LamplighterProcess> {
  for (let attempt = 1; ; attempt += 1) {
    const dataDir = await mkdtemp(join(tmpdir(), 'lamplighter-e2e-'));
    const all = { LAMPLIGHTER_DATA_DIR: dataDir, ...freshSettings(), ...settings };
    const lamplighter = new LamplighterProcess(all, dataDir);
    try {
      await lamplighter.start();
      return lamplighter;
    } catch (error) {
      await lamplighter[Symbol.asyncDispose]();
      if (attempt >= ATTEMPTS || !String(error).includes('PORT_TAKEN')) throw error;
    }
  }
}

/** One Lamplighter as an operator runs it: a process of its own, which can be killed and started again. */
export class LamplighterProcess {
  readonly settings: Settings;
  /** Every line that it ever printed, on either output. */
  readonly lines: string[] = [];
  readonly #dataDir: string;
  #child: ChildProcess | null = null;
  #printed = '';

  /** `dataDir` is removed at the end. */
  constructor(settings: Settings, dataDir: string) {
    this.settings = settings;
    this.#dataDir = dataDir;
  }

  /** Starts it (again), with the same settings and so on the same ports. Rejects with what it printed. */
  async start(): Promise<void> {
    this.#printed = '';
    const child = spawnLamplighter(this.settings);
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#print(text));
    }
    const gone = once(child, 'exit').then(([code]) => {
      throw new Error(`Lamplighter has ended with ${code}: ${this.#printed}`);
    });
    gone.catch(() => undefined);
    await Promise.race([this.#up(), gone]);
  }

  /** The place of a listener, as the process printed it. */
  place(transport: WireTransport): Place {
    const port = new RegExp(`\\b${transport} (\\d+)`).exec(this.lines.findLast(isFirst) ?? '')?.[1];
    if (port === undefined) throw new Error(`Lamplighter does not listen on ${transport}: ${this.#printed}`);
    return { address: '127.0.0.1', port: Number(port) };
  }

  /** Sets a manual status; a refusal is an error. */
  async set(id: string, status: 'idle' | 'ringing' | 'busy', more: object = {}): Promise<ApiAnswer> {
    const put = () => this.api('PUT', `/v1/realms/default/presence/${id}`, { status, ...more });
    let answer = await put();
    // A machine that halts for seconds makes the store look away: 503 says that nothing was changed, try again.
    for (let tries = 0; answer.status === 503 && tries < 10; tries += 1) {
      await pause(1_000);
      answer = await put();
    }
    if (answer.status !== 200) throw new Error(`Cannot set ${id}: ${JSON.stringify(answer.body)}`);
    return answer;
  }

  /** Asks the HTTP API. */
  async api(method: string, path: string, body?: object): Promise<ApiAnswer> {
    const content = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    return this.ask(path, { method, ...content });
  }

  /** Asks the HTTP server anything. */
  async ask(path: string, request: RequestInit): Promise<ApiAnswer> {
    const response = await fetch(`http://127.0.0.1:${this.settings.LAMPLIGHTER_HTTP_PORT}${path}`, request);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : { text } };
  }

  /** The value of one line of /metrics, 0 when it is not there. */
  async metric(line: string): Promise<number> {
    const { body } = await this.api('GET', '/metrics');
    const found = String(body.text)
      .split('\n')
      .find((each) => each.startsWith(`${line} `));
    return Number(found?.slice(line.length + 1) ?? 0);
  }

  /** Asks it to read its certificate again. */
  hangUp(): void {
    this.#child?.kill('SIGHUP');
  }

  /** The id of the process; 0 while there is none. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Sends it a signal that does not end it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void {
    this.#child?.kill(signal);
  }

  /** Ends it like a power cut. */
  async kill9(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to end; gives its exit code. */
  async stop(): Promise<number | null> {
    return await this.#end('SIGTERM');
  }

  /** Ends it and removes its data. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill9();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null)
      return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    const [code] = await ended;
    return code;
  }

  #print(text: string): void {
    this.#printed += text;
    this.lines.push(...text.split('\n').filter((line) => line !== ''));
  }

  async #up(): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!this.#printed.includes('Light it:')) {
      if (performance.now() > deadline) throw new Error(`Lamplighter does not come up: ${this.#printed}`);
      await pause(10);
    }
  }
}

/** Runs a Lamplighter that is expected to end by itself; gives its exit code and what it printed. */
export async function runLamplighter(
  settings: Settings,
): Promise<{ readonly code: number | null; readonly lines: readonly string[] }> {
  const child = spawnLamplighter(settings);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  return { code, lines: printed.split('\n').filter((line) => line !== '') };
}

function spawnLamplighter(settings: Settings): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: ROOT,
    env: { PATH, HOME, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

function isFirst(line: string): boolean {
  return line.startsWith('Lamplighter is up:');
}

/** Below the range from which the system gives ports away, so that they are still free after a restart. */
function differentPorts(): readonly [number, number, number, number, number] {
  const first = 20_000 + 5 * Math.floor(Math.random() * 2_400);
  return [first, first + 1, first + 2, first + 3, first + 4];
}
