import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import defaults from '../../config/default.json' with { type: 'json' };
import { parseConfig } from '../../src/config.ts';
import { type Server, serve } from '../../src/server.ts';
import { openTarget, TARGET_NAME } from './drachtio-target.ts';
import { openPhone, type Phone, type PhoneOptions, type Place, randomToken } from './phone.ts';

/** Which edge speaks SIP on a stage. */
export type EdgeName = 'embedded' | 'drachtio';

/** The two edges, with what stands behind the name. */
export const EDGES: readonly { readonly edge: EdgeName; readonly name: string }[] = [
  { edge: 'embedded', name: 'the embedded edge' },
  { edge: 'drachtio', name: `drachtio (${TARGET_NAME})` },
];

/** Seconds: the shortest subscription on a stage, so short that a test can wait for its end. */
export const MIN_EXPIRES = 2;

/** A whole Lamplighter in this process: a real notifier and store, and phones on real sockets around it. */
export interface Stage extends AsyncDisposable {
  readonly edge: EdgeName;
  place(transport: 'udp' | 'tcp'): Place;
  /** A new phone; it is closed with the stage. */
  phone(transport?: 'udp' | 'tcp', options?: Partial<PhoneOptions>): Promise<Phone>;
  /** The URI of a presence ID, a new one unless it is given. */
  uri(id?: string): string;
  /** Sets the manual status of the ID of a URI; resolves when it is committed. */
  set(uri: string, status: 'idle' | 'ringing' | 'busy'): Promise<void>;
  /** The value of one line of /metrics, 0 when it is not there. */
  metric(line: string): Promise<number>;
}

/** Starts a Lamplighter on that edge, in front of the embedded store; `more` is what its configuration has besides. */
export async function openStage(edge: EdgeName, more: object = {}): Promise<Stage> {
  await using opened = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'lamplighter-rfc-'));
  opened.defer(() => rm(dataDir, { recursive: true, force: true }));
  const target = edge === 'drachtio' ? await openTarget() : null;
  if (target !== null) opened.defer(() => target.close());
  const server = await serve(
    parseConfig(
      defaults,
      {
        nodeId: `node-${randomToken()}`,
        dataDir,
        logLevel: 'error',
        sip: { port: 0, wsPort: 0, minExpiresSeconds: MIN_EXPIRES, expiresJitterPercent: 0 },
        http: { port: 0 },
        // A slow machine is no overload that a test is about.
        overload: { lagMs: 60_000 },
        ...(target !== null && {
          drachtio: { host: `${target.server.host}:${target.server.port}`, secret: target.server.secret },
        }),
        ...more,
      },
      {},
    ),
  );
  opened.defer(() => server.stop());
  const phones = opened.use(new AsyncDisposableStack());
  return new RunningStage({ edge, server, sip: target?.sip ?? null, phones, all: opened.move() });
}

interface StageParts {
  readonly edge: EdgeName;
  readonly server: Server;
  /** Where drachtio-server listens; null: the embedded edge listens itself. */
  readonly sip: Place | null;
  readonly phones: AsyncDisposableStack;
  readonly all: AsyncDisposableStack;
}

class RunningStage implements Stage {
  readonly edge: EdgeName;
  readonly #parts: StageParts;

  constructor(parts: StageParts) {
    this.edge = parts.edge;
    this.#parts = parts;
  }

  place(transport: 'udp' | 'tcp'): Place {
    const { sip, server } = this.#parts;
    const port = server.edge.find((point) => point.transport === transport)?.port ?? 0;
    return sip ?? { address: '127.0.0.1', port };
  }

  async phone(transport: 'udp' | 'tcp' = 'udp', options: Partial<PhoneOptions> = {}): Promise<Phone> {
    const phone = await openPhone({ transport, server: this.place(transport), ...options });
    this.#parts.phones.defer(() => phone.close());
    return phone;
  }

  uri(id = `lamp-${randomToken()}`): string {
    return `sip:${id}@127.0.0.1`;
  }

  async set(uri: string, status: 'idle' | 'ringing' | 'busy'): Promise<void> {
    const id = uri.slice('sip:'.length, uri.indexOf('@'));
    const path = `/v1/realms/default/presence/${id}`;
    const request = { method: 'PUT', body: JSON.stringify({ status }), headers: JSON_TYPE };
    let answer = await this.#ask(path, request);
    // A machine that halts for seconds makes the store look away: 503 says that nothing was changed, try again.
    for (let tries = 0; answer.status === 503 && tries < 10; tries += 1) {
      await pause(500);
      answer = await this.#ask(path, request);
    }
    if (answer.status !== 200) throw new Error(`Cannot set ${uri}: ${answer.status}`);
  }

  async metric(line: string): Promise<number> {
    const text = await (await this.#ask('/metrics', {})).text();
    const found = text.split('\n').find((each) => each.startsWith(`${line} `));
    return Number(found?.slice(line.length + 1) ?? 0);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.all.disposeAsync();
  }

  #ask(path: string, request: RequestInit): Promise<Response> {
    const { address, port } = this.#parts.server.http;
    return fetch(`http://${address}:${port}${path}`, request);
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };
