import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect, test, vi } from 'vitest';
import { headerOf } from '../../src/sip/message.ts';
import { COMBINATIONS, openSurroundings } from '../support/combination.ts';
import { deafen } from '../support/deafen.ts';
import { readNotify } from '../support/lamp-document.ts';
import { type LamplighterProcess, type Settings, startLamplighter } from '../support/lamplighter-process.ts';
import { openPhone, type Phone, type PhoneSubscription, randomToken } from '../support/phone.ts';
import { RedisProxy } from '../support/redis-proxy.ts';
import { RedisServer } from '../support/redis-server.ts';

const ON_REDIS = COMBINATIONS.filter(({ store }) => store === 'redis');

/** How long a repair may take, in ms: what architecture.md promises. */
const REPAIRED_MS = 10_000;

/** With a real drachtio-server these tests wait for each other, and one of them takes 40 s. */
const TIMEOUT_MS = 300_000;

const WAIT = { timeout: REPAIRED_MS, interval: 100 };

interface Watched extends AsyncDisposable {
  readonly id: string;
  readonly phone: Phone;
  readonly subscription: PhoneSubscription;
}

/** A phone that watches an ID of its own at a node, and knows that it is idle. */
async function watchAt(node: LamplighterProcess): Promise<Watched> {
  const id = `lamp-${randomToken()}`;
  const phone = await openPhone({ transport: 'udp', server: node.place('udp') });
  const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`);
  expect(readNotify(await subscription.nextNotify()).lamp).toBe('terminated');
  return { id, phone, subscription, [Symbol.asyncDispose]: () => phone.close() };
}

/** Resolves when a NOTIFY shows the lamp; rejects when that takes longer than `ms`. */
async function shows(subscription: PhoneSubscription, lamp: string, ms = REPAIRED_MS): Promise<void> {
  const end = performance.now() + ms;
  for (;;) {
    const notify = await subscription.nextNotify(Math.max(1, end - performance.now()));
    if (readNotify(notify).lamp === lamp) return;
  }
}

/** How long the store says that the one subscription of an ID still has. */
async function remainingSeconds(node: LamplighterProcess, id: string): Promise<number> {
  const { body } = await node.api('GET', `/v1/realms/default/presence/${id}/watchers`);
  const [watcher] = body.items as readonly { readonly expiresAt: string }[];
  return (Date.parse(watcher?.expiresAt ?? '') - Date.now()) / 1000;
}

/** A second node on the same Redis, with an edge of its own. */
function otherNode({ REDIS_URL = '', LAMPLIGHTER_REDIS_PREFIX = '' }: Settings): Promise<LamplighterProcess> {
  return startLamplighter({ REDIS_URL, LAMPLIGHTER_REDIS_PREFIX });
}

describe.concurrent.each(COMBINATIONS)('faults ($name)', { timeout: TIMEOUT_MS }, (combination) => {
  test('a phone that was deaf for 40 s shows what it missed within 10 s', async () => {
    await using surroundings = await openSurroundings(combination);
    await using lamplighter = await startLamplighter(surroundings.settings);
    await using watched = await watchAt(lamplighter);
    const plugIn = deafen(watched.phone);
    await lamplighter.set(watched.id, 'busy');
    await pause(40_000);
    plugIn();
    await shows(watched.subscription, 'confirmed');
  });

  test('a manual status expires although its node was killed', async () => {
    await using surroundings = await openSurroundings(combination);
    await using lamplighter = await startLamplighter(surroundings.settings);
    await using watched = await watchAt(lamplighter);
    await lamplighter.set(watched.id, 'busy', { expiresIn: 2 });
    await shows(watched.subscription, 'confirmed');
    await lamplighter.kill9();
    await pause(2_500);
    await lamplighter.start();
    await shows(watched.subscription, 'terminated');
  });
});

describe.concurrent.each(ON_REDIS)(
  'faults of Redis and other nodes ($name)',
  { timeout: TIMEOUT_MS },
  (combination) => {
    test('a manual status expires on another node when its own is gone for good', async () => {
      await using surroundings = await openSurroundings(combination);
      await using lamplighter = await startLamplighter(surroundings.settings);
      await using other = await otherNode(surroundings.settings);
      await using watched = await watchAt(lamplighter);
      await other.set(watched.id, 'busy', { expiresIn: 3 });
      await other.kill9();
      await shows(watched.subscription, 'confirmed');
      await shows(watched.subscription, 'terminated');
    });

    test('a change whose announcement was lost without a sign is found', async () => {
      await using surroundings = await openSurroundings(combination);
      await using proxy = await RedisProxy.open(surroundings.settings.REDIS_URL ?? '');
      await using lamplighter = await startLamplighter({ ...surroundings.settings, REDIS_URL: proxy.url });
      await using other = await otherNode(surroundings.settings);
      await using watched = await watchAt(lamplighter);
      proxy.swallow(true);
      await other.set(watched.id, 'busy');
      await vi.waitFor(() => expect(proxy.swallowed).toBeGreaterThan(0), WAIT);
      proxy.swallow(false);
      await shows(watched.subscription, 'confirmed');
    });

    test('a change that came while announcements could not be heard is found', async () => {
      await using surroundings = await openSurroundings(combination);
      await using proxy = await RedisProxy.open(surroundings.settings.REDIS_URL ?? '');
      await using lamplighter = await startLamplighter({ ...surroundings.settings, REDIS_URL: proxy.url });
      await using other = await otherNode(surroundings.settings);
      await using watched = await watchAt(lamplighter);
      proxy.cut(true);
      await other.set(watched.id, 'busy');
      await watched.subscription.notifies.silent(300);
      proxy.cut(false);
      await shows(watched.subscription, 'confirmed');
    });

    //  phone              Lamplighter             API
    //    |                     | Redis is killed    |
    //    |                     |<---- PUT ----------| 503, Retry-After
    //    |-- refresh --------->| 200                |
    //    |-- new SUBSCRIBE --->| 503, Retry-After   |
    //    |                     | Redis is back      |
    //    |<-- NOTIFY ----------|<---- PUT ----------| 200
    test('a restart of Redis costs no subscription, and nothing that was answered 2xx', async () => {
      await using redis = await RedisServer.open();
      await using surroundings = await openSurroundings(combination);
      await using lamplighter = await startLamplighter({ ...surroundings.settings, REDIS_URL: redis.url });
      await using watched = await watchAt(lamplighter);
      const { id, phone, subscription } = watched;
      const path = `/v1/realms/default/presence/${id}`;
      await lamplighter.set(id, 'busy');
      await shows(subscription, 'confirmed');

      await redis.kill();
      const refused = await lamplighter.api('PUT', path, { status: 'ringing' });
      expect(refused).toMatchObject({ status: 503, body: { code: 'STORE_AWAY' } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await lamplighter.api('GET', '/readyz')).status).toBe(503);
      expect((await lamplighter.api('GET', '/healthz')).status).toBe(200);
      expect((await subscription.refresh(600)).status).toBe(200);
      await shows(subscription, 'confirmed');
      const turnedAway = await phone.subscribe('sip:another@127.0.0.1');
      expect(turnedAway.status).toBe(503);
      expect(
        Number(headerOf(turnedAway.response ?? expect.fail('no response'), 'retry-after')),
      ).toBeGreaterThan(0);

      await redis.start();
      await vi.waitFor(() => lamplighter.set(id, 'ringing'), WAIT);
      await shows(subscription, 'early');
      await vi.waitFor(
        async () => expect(await remainingSeconds(lamplighter, id)).toBeLessThanOrEqual(600),
        WAIT,
      );
      expect((await subscription.refresh(900)).status).toBe(200);
      await shows(subscription, 'early');
    });

    /** A lamp that shows busy, on a Redis of its own. */
    async function busyLamp() {
      await using opened = new AsyncDisposableStack();
      const redis = opened.use(await RedisServer.open());
      const { settings } = opened.use(await openSurroundings(combination));
      const lamplighter = opened.use(await startLamplighter({ ...settings, REDIS_URL: redis.url }));
      const { id, subscription } = opened.use(await watchAt(lamplighter));
      await lamplighter.set(id, 'busy');
      await shows(subscription, 'confirmed');
      const kept = opened.move();
      const end = () => kept.disposeAsync();
      return { redis, lamplighter, id, subscription, [Symbol.asyncDispose]: end };
    }

    test('a Redis that has lost everything gets boards and subscriptions back', async () => {
      await using stage = await busyLamp();
      const { redis, lamplighter, id, subscription } = stage;

      await redis.lose();
      const path = `/v1/realms/default/presence/${id}`;
      await vi.waitFor(async () => {
        expect((await lamplighter.api('GET', path)).body).toMatchObject({ lamp: { status: 'busy' } });
        expect((await lamplighter.api('GET', `${path}/watchers`)).body.items).toHaveLength(1);
      }, WAIT);
      await lamplighter.kill9();
      await lamplighter.start();
      await lamplighter.set(id, 'ringing');
      await shows(subscription, 'early');
    });

    test('a Redis that is flushed before any board has changed gets subscriptions back', async () => {
      await using redis = await RedisServer.open();
      await using surroundings = await openSurroundings(combination);
      await using lamplighter = await startLamplighter({ ...surroundings.settings, REDIS_URL: redis.url });
      await using watched = await watchAt(lamplighter);
      const path = `/v1/realms/default/presence/${watched.id}/watchers`;
      // Nothing of it is left to be written: what is written later would notice.
      await pause(2_500);
      const admin = new Redis(redis.url);
      await admin.flushall();
      admin.disconnect();
      await vi.waitFor(
        async () => expect((await lamplighter.api('GET', path)).body.items).toHaveLength(1),
        WAIT,
      );
    });

    test('a change that comes before a lost board was written back stays', async () => {
      await using stage = await busyLamp();
      const { redis, lamplighter, id, subscription } = stage;
      const admin = new Redis(redis.url);
      await admin.flushall();
      admin.disconnect();
      await lamplighter.set(id, 'idle');
      await shows(subscription, 'terminated');
      await pause(5_000);
      const path = `/v1/realms/default/presence/${id}`;
      expect((await lamplighter.api('GET', path)).body).toMatchObject({ lamp: { status: 'idle' } });
      await subscription.notifies.silent(100);
    });
  },
);
