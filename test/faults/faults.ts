import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Ground, Stage } from './stage.ts';

/** One fault: how it comes and how it goes. */
export interface Fault {
  readonly name: string;
  /** How long it stays, in seconds, for `pause` seconds of the run (10; 30 at full size) and so many subscriptions. */
  readonly seconds: (pause: number, subscriptions: number) => number;
  /** The store cannot be written meanwhile: where no change was refused, the fault did not hit. */
  readonly refuses?: true;
  /** Why it cannot be had here; null: it can. */
  readonly missing?: (stage: Stage) => string | null;
  readonly begin: (stage: Stage) => Promise<unknown>;
  /** Resolves when phones, node and store can reach each other again. */
  readonly end: (stage: Stage) => Promise<unknown>;
}

/** What `nodes.takeOverPerSecond` is by default. */
const TAKEN_PER_SECOND = 1_000;
/** The keys of subscriptions in Redis. */
const RECORDS = '*:sub:*';
/** How long a node may take to write everything again, in ms. */
const WRITE_MS = 120_000;

const FAIR = { loss: 0, delayMs: 0 };
const MINUTE_MS = 60_000;

const once = () => 0;
const half = (pause: number) => pause / 2;
const whole = (pause: number) => pause;

const nodeKilled: Fault = {
  name: 'kill -9 of the node, started again',
  seconds: once,
  begin: ({ lamplighter }) => lamplighter.kill9(),
  end: ({ lamplighter }) => lamplighter.start(),
};

const nodePaused: Fault = {
  name: 'SIGSTOP of the node, SIGCONT',
  seconds: whole,
  begin: async ({ lamplighter }) => lamplighter.signal('SIGSTOP'),
  end: async ({ lamplighter }) => lamplighter.signal('SIGCONT'),
};

const phonesCut: Fault = {
  name: 'network cut between node and phones',
  seconds: half,
  begin: ({ checker }) => checker.order({ kind: 'weather', weather: { loss: 1, delayMs: 0 } }),
  end: ({ checker }) => checker.order({ kind: 'weather', weather: FAIR }),
};

const phonesLossy: Fault = {
  name: '5 % loss and reordering between node and phones',
  seconds: half,
  begin: ({ checker }) => checker.order({ kind: 'weather', weather: { loss: 0.05, delayMs: 40 } }),
  end: ({ checker }) => checker.order({ kind: 'weather', weather: FAIR }),
};

const diskFull: Fault = {
  name: 'disk full',
  seconds: half,
  missing: ({ disk }) => (disk === null ? 'this machine lets nobody mount a small disk' : null),
  refuses: true,
  begin: async ({ disk, lamplighter }) => {
    // What SQLite's log has once taken it uses again: only a new one needs room.
    await lamplighter.kill9();
    dropLog(disk?.folder ?? '');
    await lamplighter.start();
    disk?.fill();
  },
  end: async ({ disk }) => disk?.clear(),
};

const diskReadOnly: Fault = {
  name: 'no file can be written (RLIMIT_FSIZE 0)',
  seconds: half,
  refuses: true,
  begin: async ({ lamplighter }) => limitFiles(lamplighter.pid, '0:unlimited'),
  end: async ({ lamplighter }) => limitFiles(lamplighter.pid, 'unlimited:unlimited'),
};

const diskMountedReadOnly: Fault = {
  name: 'kill -9 of the node; the disk is mounted read-only, a start is refused; mounted again, started',
  seconds: once,
  missing: ({ disk }) => (disk === null ? 'this machine lets nobody mount a small disk' : null),
  begin: async ({ disk, lamplighter }) => {
    await lamplighter.kill9();
    disk?.writable(false);
    const refused = await lamplighter.start().then(
      () => '',
      (error: Error) => error.message,
    );
    if (!/STORE_AWAY|read-?only/i.test(refused)) throw new Error(`Started on a read-only disk: ${refused}`);
  },
  end: async ({ disk, lamplighter }) => {
    disk?.writable(true);
    await lamplighter.start();
  },
};

const clockForward: Fault = {
  name: 'clock 10 minutes forward',
  seconds: once,
  begin: ({ clock, lamplighter }) => clock.shift(lamplighter, 10 * MINUTE_MS),
  end: async () => undefined,
};

const clockBack: Fault = {
  name: 'clock 20 minutes back',
  seconds: once,
  begin: ({ clock, lamplighter }) => clock.shift(lamplighter, -10 * MINUTE_MS),
  end: async () => undefined,
};

const redisKilled: Fault = {
  name: 'kill -9 of Redis, started again with its AOF',
  seconds: half,
  refuses: true,
  begin: async ({ redis }) => redis?.kill(),
  end: async ({ redis }) => redis?.start(),
};

const redisPaused: Fault = {
  name: 'SIGSTOP of Redis, SIGCONT',
  seconds: half,
  missing: ({ redis }) => (redis?.pid ? null : 'Redis runs in a container'),
  begin: async ({ redis }) => void process.kill(redis?.pid ?? 0, 'SIGSTOP'),
  end: async ({ redis }) => void process.kill(redis?.pid ?? 0, 'SIGCONT'),
};

const redisCut: Fault = {
  name: 'network cut between node and Redis',
  seconds: half,
  begin: async ({ proxy }) => proxy?.sever(true),
  end: async ({ proxy }) => proxy?.sever(false),
};

const redisFlushed: Fault = {
  name: 'FLUSHALL',
  seconds: once,
  begin: ({ redis }) => withClient(redis?.url, async (client) => await client.flushall()),
  end: async () => undefined,
};

/** Nothing is in Redis but what the node has written again: after its end each subscription must be there. */
const redisFlushedNodeKilled: Fault = {
  name: 'FLUSHALL, and kill -9 of the node once it has written all again',
  seconds: once,
  begin: async ({ redis, lamplighter }) => {
    await withClient(redis?.url, async (client) => {
      const wanted = await lamplighter.metric('lamplighter_subscriptions{package="dialog"}');
      await client.flushall();
      await until(async () => (await client.keys(RECORDS)).length >= wanted);
    });
    await lamplighter.kill9();
  },
  end: ({ lamplighter }) => lamplighter.start(),
};

const nodeTakenOver: Fault = {
  name: 'kill -9 of one of two nodes, the other one takes over and has its address',
  // architecture: 5 s after the last heartbeat, then in batches (nodes.takeOverPerSecond).
  seconds: (_pause, subscriptions) => 5 + subscriptions / TAKEN_PER_SECOND,
  begin: async ({ lamplighter, other, checker }) => {
    await lamplighter.kill9();
    await checker.order({ kind: 'move', sipPort: other?.place('udp').port ?? 0 });
  },
  end: async () => undefined,
};

const failover: Fault = {
  name: 'kill -9 of a Redis primary, its replica takes over',
  seconds: once,
  begin: async ({ sentinel }) => sentinel?.primary.kill(),
  end: async ({ sentinel }) => sentinel?.failedOver(),
};

const drachtioKilled: Fault = {
  name: 'kill of drachtio, started again',
  seconds: half,
  begin: async ({ drachtio }) => drachtio?.stop(),
  end: async ({ drachtio }) => drachtio?.start(),
};

/** What is done to a node on each ground, in this order, to the same phones: none of them has to subscribe again. */
export const FAULTS: Readonly<Record<Ground, readonly Fault[]>> = {
  SQLite: [
    nodeKilled,
    nodePaused,
    phonesCut,
    phonesLossy,
    diskFull,
    diskReadOnly,
    diskMountedReadOnly,
    clockForward,
    clockBack,
    nodeKilled,
  ],
  Redis: [
    nodeKilled,
    nodePaused,
    redisKilled,
    redisFlushed,
    redisFlushedNodeKilled,
    redisPaused,
    redisCut,
    phonesLossy,
    clockForward,
    nodeKilled,
  ],
  'Redis with a sentinel': [failover],
  'two nodes on Redis': [nodeTakenOver],
  'drachtio and Redis': [drachtioKilled],
};

function dropLog(folder: string): void {
  const database = new DatabaseSync(join(folder, 'lamplighter.db'));
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

async function withClient(url = '', work: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(url);
  try {
    await work(client);
  } finally {
    client.disconnect();
  }
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + WRITE_MS; !(await done()); await sleep(500)) {
    if (performance.now() > end) throw new Error('Not all subscriptions were written again');
  }
}

function limitFiles(pid: number, limits: string): void {
  execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${limits}`]);
}
