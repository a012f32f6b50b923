import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { RunWorld } from '../../src/callflow/action.ts';
import type { AuthParts } from '../../src/notifier/authenticator.ts';
import { createNotifier, type Notifier } from '../../src/notifier/notifier.ts';
import type { NotifierOptions } from '../../src/notifier/options.ts';
import { createPatternCompiler } from '../../src/pattern-compiler.ts';
import type { Bus } from '../../src/ports/bus.ts';
import type { NodeWord, Post } from '../../src/ports/post.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Webhook } from '../../src/ports/webhooks.ts';
import { createEmbeddedStore } from '../../src/store/embedded/store.ts';
import { readXml } from '../../src/xml-reader.ts';
import { zoneClock } from '../../src/zone-clock.ts';
import { countingIds } from './boards.ts';
import { ManualClock, settled } from './manual-clock.ts';
import { RecordingEdge } from './recording-edge.ts';

/** A notifier on a real embedded store, with an edge without a wire and a clock that a test moves. */
export interface NotifierBench extends AsyncDisposable {
  readonly edge: RecordingEdge;
  readonly clock: ManualClock;
  readonly notifier: Notifier;
  readonly store: Store;
  readonly answered: readonly string[];
  /** What became of older subscriptions of one watcher. */
  readonly duplicates: readonly string[];
  /** What authentication has met. */
  readonly authenticated: readonly string[];
  /** What the meter was told of each NOTIFY: ms since the change that it tells of, -1 for none. */
  readonly latencies: readonly number[];
  /** Why this node must end, once it must. */
  readonly displaced: readonly string[];
  /** What this node has said to others, each with the one it was for. */
  readonly said: readonly (readonly [string, NodeWord])[];
  /** What others say reaches this node, or is lost. */
  isDeaf: boolean;
  /** The levels of load, one after the other. */
  readonly levels: readonly string[];
  /** What was put off. */
  readonly putOff: readonly string[];
  /** Webhooks that callflows asked for. */
  readonly posted: readonly Webhook[];
  /** Lets `ms` pass, and what it starts be done. */
  pass(ms: number): Promise<void>;
  /** Another node on the same store, `node2` unless named, with a clock of its own. */
  another(clock: ManualClock, nodeId?: string): Promise<NotifierBench>;
  /** Forgets all memory as a kill would, and starts again on the same store. */
  crash(): Promise<NotifierBench>;
}

const OPTIONS: NotifierOptions = {
  nodeId: 'node1',
  realms: { realms: {}, external: '' },
  userCase: 'insensitive',
  expires: { min: 60, max: 3600, byDefault: 3600 },
  expiresJitter: 0,
  order: ['early', 'confirmed', 'proceeding', 'trying', 'terminated'],
  rate: { burst: 3, perSecond: 1 },
  calls: { finalStatus: 480, answerAndRelease: false },
  lists: {
    batchMs: 200,
    udpOctets: 1300,
    streamOctets: 65_500,
    mostOctets: 65_500,
    mostMembers: 500,
    fixed: [],
  },
  watcherInfo: 'own',
  profiles: [],
  view: 'all',
  keepAliveSeconds: 30,
  tagMark: '',
  takeOver: { mode: 'reachable', perSecond: 1000 },
  privacy: { watch: {}, publish: {} },
  overload: { lagMs: 200, requests: 2000 },
};

const WORLD: RunWorld = { zoneTime: zoneClock, compile: createPatternCompiler(), grantedRealms: [] };

/** Starts one; `options` replace the defaults. */
export async function startNotifier(
  options: Partial<NotifierOptions> = {},
  auth: AuthParts | null = null,
  random: () => number = Math.random,
): Promise<NotifierBench> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lamplighter-notifier-'));
  return open({
    dataDir,
    clock: new ManualClock(),
    newId: countingIds(),
    options: { ...OPTIONS, ...options },
    auth,
    random,
  });
}

interface BenchParts {
  readonly dataDir: string;
  readonly clock: ManualClock;
  readonly newId: () => string;
  readonly options: NotifierOptions;
  readonly auth: AuthParts | null;
  readonly random: () => number;
}

async function open(parts: BenchParts): Promise<NotifierBench> {
  const store = await createEmbeddedStore({ dataDir: parts.dataDir });
  return start(parts, store);
}

/** A node of its own hears nothing of the first one's bus, which is for one process. */
const DEAF_BUS: Bus = { start: async () => {}, listen: async () => {}, ignore: () => {} };

async function start(parts: BenchParts, given: Store): Promise<NotifierBench> {
  const edge = new RecordingEdge();
  const answered: string[] = [];
  const duplicates: string[] = [];
  const posted: Webhook[] = [];
  const authenticated: string[] = [];
  const latencies: number[] = [];
  const displaced: string[] = [];
  const said: [string, NodeWord][] = [];
  const levels: string[] = [];
  const putOff: string[] = [];
  const meter = {
    sent: (latencyMs: number) => void latencies.push(latencyMs),
    settled: () => {},
    answered: (method: string, status: number) => answered.push(`${method} ${status}`),
    bus: () => {},
    duplicate: (event: string) => void duplicates.push(event),
    auth: (event: string) => void authenticated.push(event),
    load: (level: string) => void levels.push(level),
    putOff: (kind: string) => void putOff.push(kind),
    subscriptions: () => {},
  };
  const log = pino({ level: 'silent' });
  const post: Post = {
    open: (node, hear) => given.post.open(node, (word) => bench.isDeaf || hear(word)),
    say: (node, word) => {
      said.push([node, word]);
      return given.post.say(node, word);
    },
  };
  const store = { ...given, post };
  const webhooks = { post: (hook: Webhook) => void posted.push(hook) };
  const notifier = createNotifier({
    ...parts,
    store,
    edge,
    meter,
    log,
    webhooks,
    world: () => WORLD,
    readXml,
    steady: () => parts.clock.now(),
    soon: queueMicrotask,
    instance: parts.newId(),
    isGone: () => false,
    displaced: (fault) => void displaced.push(fault.code),
  });
  const bench: NotifierBench = {
    edge,
    clock: parts.clock,
    notifier,
    store,
    answered,
    duplicates,
    authenticated,
    latencies,
    displaced,
    said,
    isDeaf: false,
    levels,
    putOff,
    posted,
    pass: (ms) => parts.clock.advance(ms),
    another: (clock, nodeId = 'node2') => {
      const options = { ...parts.options, nodeId };
      return start({ ...parts, clock, options }, { ...given, bus: DEAF_BUS });
    },
    crash: async () => {
      // The memory is dropped, not stopped: nothing more is written.
      edge.handlers = null;
      parts.clock.forget();
      await store.close();
      return open(parts);
    },
    [Symbol.asyncDispose]: async () => {
      await store.close();
      rmSync(parts.dataDir, { recursive: true, force: true });
    },
  };
  await notifier.start();
  await settled();
  return bench;
}
