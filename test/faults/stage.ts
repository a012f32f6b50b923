import { DrachtioDouble } from '../support/drachtio-double/drachtio-double.ts';
import { type LamplighterProcess, type Settings, startLamplighter } from '../support/lamplighter-process.ts';
import { RedisProxy } from '../support/redis-proxy.ts';
import { type SentinelSet, startSentinelSet } from '../support/redis-sentinel.ts';
import { RedisServer } from '../support/redis-server.ts';
import type { Sizes } from './checker/orders.ts';
import { CheckerProcess } from './checker-process.ts';
import { type DrachtioToKill, realDrachtio } from './real-drachtio.ts';
import { ShiftedClock } from './shifted-clock.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

/** What a node stands on while it is hit. */
export type Ground =
  | 'SQLite'
  | 'Redis'
  | 'Redis with a sentinel'
  | 'two nodes on Redis'
  | 'drachtio and Redis';

/** A node under load, what it stands on, and the checker of its phones. Null: this ground has none. */
export interface Stage extends AsyncDisposable {
  readonly lamplighter: LamplighterProcess;
  /** A second node, of which the phones know nothing; changes come through it. */
  readonly other: LamplighterProcess | null;
  readonly checker: CheckerProcess;
  readonly clock: ShiftedClock;
  readonly disk: SmallDisk | null;
  readonly redis: RedisServer | null;
  readonly proxy: RedisProxy | null;
  readonly sentinel: SentinelSet | null;
  readonly drachtio: DrachtioToKill | null;
}

type Around = Omit<Stage, 'lamplighter' | 'checker' | 'clock' | typeof Symbol.asyncDispose> & {
  readonly settings: Settings;
};

const NOTHING = {
  other: null,
  disk: null,
  redis: null,
  proxy: null,
  sentinel: null,
  drachtio: null,
  settings: {},
};
/** Room for the SQLite of 100,000 subscriptions and its log. */
const DISK_MB = 512;

/** Starts a node on its ground; all phones have subscribed when the promise resolves. */
export async function openStage(ground: Ground, sizes: Sizes): Promise<Stage> {
  await using opened = new AsyncDisposableStack();
  const around = await openGround(ground, opened);
  const clock = opened.use(await ShiftedClock.open());
  const lamplighter = opened.use(await startLamplighter({ ...around.settings, ...clock.settings }));
  const places = {
    sipPort: lamplighter.place('udp').port,
    httpPort: Number((around.other ?? lamplighter).settings.LAMPLIGHTER_HTTP_PORT),
  };
  const checker = opened.use(await CheckerProcess.open(places, sizes));
  await checker.order({ kind: 'subscribe' });
  const kept = opened.move();
  return { ...around, lamplighter, checker, clock, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function openGround(ground: Ground, opened: AsyncDisposableStack): Promise<Around> {
  switch (ground) {
    case 'SQLite': {
      const disk = await mountSmallDisk(DISK_MB);
      if (disk === null) return NOTHING;
      return { ...NOTHING, disk: opened.use(disk), settings: { LAMPLIGHTER_DATA_DIR: disk.folder } };
    }
    case 'Redis':
      return await openRedis(opened);
    case 'Redis with a sentinel': {
      const sentinel = opened.use(await startSentinelSet());
      return { ...NOTHING, sentinel, settings: { REDIS_URL: sentinel.url } };
    }
    case 'two nodes on Redis': {
      const around = await openRedis(opened);
      const settings = { ...around.settings, LAMPLIGHTER_NODES_TAKE_OVER: 'udp' };
      const other = opened.use(await startLamplighter(settings));
      return { ...around, other, settings };
    }
    case 'drachtio and Redis': {
      const around = await openRedis(opened);
      // The real one by environment only: few machines have it.
      const { DRACHTIO_BIN } = process.env;
      const drachtio = DRACHTIO_BIN ? await realDrachtio(DRACHTIO_BIN) : new DrachtioDouble();
      await drachtio.start();
      opened.defer(() => drachtio.stop());
      const settings = { ...around.settings, DRACHTIO_HOST: `127.0.0.1:${drachtio.adminPort}` };
      return { ...around, drachtio, settings };
    }
  }
}

async function openRedis(opened: AsyncDisposableStack): Promise<Around> {
  const redis = opened.use(await RedisServer.open());
  const proxy = opened.use(await RedisProxy.open(redis.url));
  return { ...NOTHING, redis, proxy, settings: { REDIS_URL: proxy.url } };
}
