import { Redis } from 'ioredis';
import type { Checkpoint } from '../../../src/ports/subscriptions.ts';
import { bucketOf, type Resource } from '../../../src/presence/resource.ts';
import { redisKeys } from '../../../src/store/redis/keys.ts';
import { createRedisStore } from '../../../src/store/redis/store.ts';
import { lamplighter } from '../lamplighter.ts';
import { REALM, userOf } from '../phone-text.ts';
import { Session } from '../session.ts';
import type { Cost, RedisConstants } from './constants.ts';
import { RedisWindow } from './redis-window.ts';

const IDS = 500;
const WATCHERS = 10;
const PREFIX = 'lamp';
/** Nodes that hear an announcement in the measurement, and announcements. */
const EARS = 40;
const ANNOUNCEMENTS = 2_000;
const CHANNEL = 'paper';
/** Scripts under way at any moment. */
const TOGETHER = 500;

/** Runs a node on a Redis of its own, and sees what Redis does for each operation. Takes about a minute. */
export async function measureRedis(say: (what: string) => void): Promise<RedisConstants> {
  await using session = await Session.open(lamplighter({ edge: 'embedded', store: 'redis' }));
  const redis = new Redis(session.redisUrl);
  const window = new RedisWindow(redis, session.pidOf('redis'));
  try {
    say('boards, subscriptions, refreshes');
    await window.idle(5);
    const before = await window.memory();
    await session.load({ ids: IDS, watchers: WATCHERS });
    const withBoards = await window.memory();
    const subscribe = await window.cost(async () => (await session.subscribe('subscribe')).operations);
    const withAll = await window.memory();
    await window.idle(5);
    const refresh = await window.cost(async () => (await session.subscribe('refresh')).operations);
    say('checkpoints, reads, plain commands');
    const checkpoint = await window.cost(() => checkpoints(session.redisUrl, redis));
    const read = await window.cost(() => reads(session.redisUrl));
    const plain = await window.cost(() => plainCommands(redis));
    say('announcements');
    const text = await boardText(redis);
    const delivery = await deliveryCost(session.redisUrl, window, { redis, text });
    const heardUs = await hearing(session.redisUrl, redis, text);
    say('changes');
    await session.subscribe('unsubscribe');
    await session.load({ ids: IDS, watchers: 0 });
    const change = await window.cost(
      async () => (await session.run({ kind: 'closed', window: 16, seconds: 4 })).operations,
    );
    return {
      date: new Date().toISOString().slice(0, 10),
      ...{ subscribe, refresh, change, checkpoint, read, plain, delivery, heardUs },
      octetsPerSubscription: (withAll - withBoards) / (IDS * WATCHERS),
      octetsPerBoard: (withBoards - before) / IDS,
    };
  } finally {
    redis.disconnect();
  }
}

function resourceOf(id: number): Resource {
  return { realm: REALM, user: userOf(id) };
}

/** The progress of every subscription, each in a script of its own. */
async function checkpoints(url: string, redis: Redis): Promise<number> {
  const store = await createRedisStore({ url, prefix: PREFIX });
  const ids: string[] = [];
  for await (const keys of redis.scanStream({ match: `${PREFIX}:*:sub:*`, count: 1000 }))
    for (const key of keys as string[]) ids.push(key.slice(key.lastIndexOf(':') + 1));
  const acked = { rev: 12, change: 'c'.repeat(16) };
  const points = ids.map(
    (id): Checkpoint => ({ id, epoch: 1, acked, cseqCeiling: 100, versionCeiling: 100 }),
  );
  for (let from = 0; from < points.length; from += TOGETHER) {
    const some = points.slice(from, from + TOGETHER);
    const skipped = await Promise.all(some.map((point) => store.subscriptions.checkpoint([point])));
    if (skipped.flat().length > 0) throw new Error('Cannot measure checkpoints: the store skips some');
  }
  await store.close();
  return points.length;
}

async function reads(url: string): Promise<number> {
  const store = await createRedisStore({ url, prefix: PREFIX });
  const resources = Array.from({ length: IDS }, (_, id) => resourceOf(id));
  const rounds = 20;
  for (let round = 0; round < rounds; round += 1) await store.boards.getMany(resources);
  await store.close();
  return rounds * IDS;
}

async function plainCommands(redis: Redis): Promise<number> {
  const count = 20_000;
  const pipeline = redis.pipeline();
  for (let number = 0; number < count; number += 1)
    pipeline.zrangebyscore(`${PREFIX}:{b${number % 4096}}:nothing`, '-inf', '1', 'LIMIT', 0, 200);
  await pipeline.exec();
  return count;
}

/** A board as it is announced. */
async function boardText(redis: Redis): Promise<string> {
  const stored = (await redis.get(redisKeys(PREFIX).board(resourceOf(1)))) ?? '';
  return stored.slice(stored.indexOf(' ') + 1);
}

interface Said {
  readonly redis: Redis;
  readonly text: string;
}

/** What one more ear costs: announcements to many, less the same to nobody. */
async function deliveryCost(url: string, window: RedisWindow, { redis, text }: Said): Promise<Cost> {
  const announce = () => announceTo(redis, { channel: CHANNEL, text, from: 1 });
  const toNobody = await window.cost(announce);
  const ears = Array.from({ length: EARS }, () => new Redis(url));
  let heard = 0;
  for (const ear of ears) {
    ear.on('message', () => {
      heard += 1;
    });
  }
  await Promise.all(ears.map((ear) => ear.subscribe(CHANNEL)));
  const toAll = await window.cost(async () => {
    const said = await announce();
    while (heard < EARS * said) await new Promise((resolve) => setTimeout(resolve, 10));
    return said;
  });
  for (const ear of ears) ear.disconnect();
  const each = (part: keyof Cost) => (toAll[part] - toNobody[part]) / EARS;
  return { us: each('us'), commands: 0, octetsIn: each('octetsIn'), octetsOut: each('octetsOut') };
}

/** CPU of this process for each announcement that it hears as a node does, in microseconds. */
async function hearing(url: string, redis: Redis, text: string): Promise<number> {
  const store = await createRedisStore({ url, prefix: PREFIX });
  const heard = Promise.withResolvers<void>();
  let count = 0;
  const changed = () => {
    count += 1;
    if (count === ANNOUNCEMENTS) heard.resolve();
  };
  await store.bus.start({ changed, missed: () => {} });
  const bucket = bucketOf(resourceOf(1));
  await store.bus.listen(bucket);
  const { user, system } = process.cpuUsage();
  await announceTo(redis, { channel: redisKeys(PREFIX).channel(bucket), text, from: 1_000_000 });
  await heard.promise;
  const used = process.cpuUsage({ user, system });
  store.bus.ignore(bucket);
  await store.close();
  return (used.user + used.system) / ANNOUNCEMENTS;
}

interface Announcement {
  readonly channel: string;
  readonly text: string;
  /** The number of the first. */
  readonly from: number;
}

/** Many announcements by one command: whoever measures spends nothing on asking. */
async function announceTo(redis: Redis, { channel, text, from }: Announcement): Promise<number> {
  const lua = `for n = 1, ${ANNOUNCEMENTS} do redis.call('PUBLISH', ARGV[1], (ARGV[3] + n) .. ' ' .. ARGV[2]) end`;
  await redis.eval(lua, 0, channel, text, from);
  return ANNOUNCEMENTS;
}
