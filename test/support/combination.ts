import { DrachtioDouble } from './drachtio-double/drachtio-double.ts';
import { TARGET_NAME } from './drachtio-target.ts';
import { exclusive } from './exclusive.ts';
import type { Settings } from './lamplighter-process.ts';
import { redisForTests } from './redis.ts';

/** What a Lamplighter is built on. */
export interface Combination {
  readonly name: string;
  readonly edge: 'embedded' | 'drachtio';
  readonly store: 'embedded' | 'redis';
}

/** Those that are promised: the default, several nodes without drachtio, production. */
export const COMBINATIONS: readonly Combination[] = [
  { name: 'embedded edge, embedded store', edge: 'embedded', store: 'embedded' },
  { name: 'embedded edge, Redis', edge: 'embedded', store: 'redis' },
  { name: `drachtio: ${TARGET_NAME}, Redis`, edge: 'drachtio', store: 'redis' },
];

/** What stands around a Lamplighter, and the settings that make it use that. */
export interface Surroundings extends AsyncDisposable {
  readonly settings: Settings;
}

/** Opens what a combination needs beside Lamplighter: a Redis, a drachtio-server. */
export async function openSurroundings({ edge, store }: Combination): Promise<Surroundings> {
  await using opened = new AsyncDisposableStack();
  const redis = store === 'redis' ? opened.use(await redisForTests()) : null;
  const settings = {
    ...(redis && { REDIS_URL: redis.url, LAMPLIGHTER_REDIS_PREFIX: redis.prefix }),
    ...(edge === 'drachtio' && (await openDrachtio(opened))),
  };
  const kept = opened.move();
  return { settings, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** The drachtio-server of DRACHTIO_HOST, else our double of one. */
async function openDrachtio(opened: AsyncDisposableStack): Promise<Settings> {
  const { DRACHTIO_HOST = '', DRACHTIO_PORT = '', DRACHTIO_SECRET = '' } = process.env;
  if (DRACHTIO_HOST !== '') {
    // It hands each SUBSCRIBE to one of its applications, in turn: there must be one only.
    opened.use(await exclusive(`drachtio-${DRACHTIO_HOST}-${DRACHTIO_PORT}`));
    return { DRACHTIO_HOST, DRACHTIO_PORT, DRACHTIO_SECRET };
  }
  const double = new DrachtioDouble();
  await double.start();
  opened.defer(() => double.stop());
  return { DRACHTIO_HOST: `127.0.0.1:${double.adminPort}` };
}
