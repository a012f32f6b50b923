import { randomBytes } from 'node:crypto';
import { RedisServer } from './redis-server.ts';

/** A Redis for tests, and a part of it that belongs to nobody else. */
export interface RedisForTests {
  readonly url: string;
  /** Random: begin every key with it, and never FLUSH. */
  readonly prefix: string;
  /** Ends the server, if it was started for this test file. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The Redis of REDIS_URL (`npm test` sets it), else one that is started for this test file. */
export async function redisForTests(): Promise<RedisForTests> {
  const prefix = randomPrefix();
  const given = process.env.REDIS_URL;
  if (given) return { url: given, prefix, [Symbol.asyncDispose]: async () => undefined };
  const server = await RedisServer.open();
  return { url: server.url, prefix, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** A key prefix that no other test has. */
export function randomPrefix(): string {
  return `test-${randomBytes(6).toString('hex')}`;
}
