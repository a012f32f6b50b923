import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { createDrachtioEdge, type DrachtioEdgeOptions } from '../../src/edge/drachtio/drachtio-edge.ts';
import type { DrachtioServer } from '../../src/edge/drachtio/drachtio-server.ts';
import type { DrachtioCount } from '../../src/edge/drachtio/edge-count.ts';
import type { Edge } from '../../src/ports/edge.ts';
import { DrachtioDouble } from './drachtio-double/drachtio-double.ts';
import { frame } from './drachtio-double/frames.ts';
import { exclusive } from './exclusive.ts';
import type { Place } from './phone.ts';
import { realClock } from './real-clock.ts';

/** A drachtio-server for a test: the real one that the environment names, or the double. */
export interface DrachtioTarget {
  readonly server: DrachtioServer;
  /** Where phones send, over UDP and TCP. */
  readonly sip: Place;
  /** The double; null when the real server is used. */
  readonly double: DrachtioDouble | null;
  /** ms after which a NOTIFY to a silent phone has certainly ended. */
  readonly timeoutMs: number;
  /** ms after which it would certainly have sent something again. */
  readonly quietMs: number;
  /** Kills the server and starts it again. Null when nobody said how. */
  readonly restart: (() => Promise<void>) | null;
  close(): Promise<void>;
}

/** The real server, when the environment names it; its timeout must be short (t1x64 of 2 s) for tests to end. */
export const REAL = readEnvironment();

/** What the tests ran against, for their output. */
export const TARGET_NAME = REAL === null ? 'the double' : `the real server at ${REAL.host}:${REAL.port}`;

/** T1 of the double in ms: everything of it ends 20 times as fast as with the real default of 1 s. */
const DOUBLE_T1 = 50;

export async function openTarget(): Promise<DrachtioTarget> {
  return REAL === null ? openDouble() : openReal(REAL);
}

export async function openDouble(): Promise<DrachtioTarget> {
  const double = new DrachtioDouble({ t1: DOUBLE_T1 });
  await double.start();
  return {
    server: { host: '127.0.0.1', port: double.adminPort, secret: 'cymru' },
    sip: { address: '127.0.0.1', port: double.sipPort },
    double,
    timeoutMs: 32 * DOUBLE_T1 + 20_000,
    quietMs: 6 * DOUBLE_T1,
    restart: async () => {
      await double.stop();
      await double.start();
    },
    close: () => double.stop(),
  };
}

/** An edge on servers, with what it has counted. */
export function makeEdge(
  servers: readonly DrachtioServer[],
  options: Partial<DrachtioEdgeOptions> = {},
): { readonly edge: Edge; readonly counts: Map<DrachtioCount, number> } {
  const counts = new Map<DrachtioCount, number>();
  const edge = createDrachtioEdge({
    servers,
    clock: realClock(),
    trusts: () => true,
    count: (name) => counts.set(name, (counts.get(name) ?? 0) + 1),
    log: () => {},
    ...options,
  });
  return { edge, counts };
}

/** Whether a server has a dialog, asked as an application would: a request inside it is refused if not. */
export async function knowsDialog(
  { host, port, secret }: DrachtioServer,
  dialogId: string,
): Promise<boolean> {
  const socket = connect(port, host);
  // drachtio-server keeps one table of messages for all its connections: with one id in use twice, one answer is lost.
  const id = randomUUID();
  let heard = '';
  socket.write(frame(`${randomUUID()}|authenticate|${secret}|`));
  socket.write(frame(`${id}|sip||${dialogId}\r\nINFO sip:x@dialog.invalid SIP/2.0\r\n\r\n`));
  for await (const chunk of socket) {
    heard += chunk;
    if (heard.includes(`|response|${id}|OK`) || heard.includes(`|response|${id}|NOK`)) break;
  }
  socket.destroy();
  return heard.includes(`|response|${id}|OK`);
}

interface RealServer extends DrachtioServer {
  readonly sip: Place;
  readonly restartCommand: string | undefined;
}

function readEnvironment(): RealServer | null {
  const { env } = process;
  if (env.DRACHTIO_HOST === undefined || env.DRACHTIO_HOST === '') return null;
  const host = env.DRACHTIO_HOST;
  return {
    host,
    port: Number(env.DRACHTIO_PORT ?? 9022),
    secret: env.DRACHTIO_SECRET ?? 'cymru',
    sip: { address: env.DRACHTIO_SIP_HOST ?? host, port: Number(env.DRACHTIO_SIP_PORT ?? 5060) },
    restartCommand: env.DRACHTIO_RESTART,
  };
}

async function openReal({ host, port, secret, sip, restartCommand }: RealServer): Promise<DrachtioTarget> {
  // It hands each SUBSCRIBE to one of its applications, in turn: those of one test only may be there.
  const alone = await exclusive(`drachtio-${host}-${port}`);
  return {
    server: { host, port, secret },
    sip,
    double: null,
    timeoutMs: 40_000,
    quietMs: 3_000,
    restart: restartCommand === undefined ? null : async () => void execFileSync(restartCommand),
    close: () => Promise.resolve(alone[Symbol.asyncDispose]()),
  };
}
