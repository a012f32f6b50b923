import { readFileSync } from 'node:fs';
import { expect, vi } from 'vitest';
import { freshSettings, type LamplighterProcess, type Settings } from './lamplighter-process.ts';
import { randomToken } from './phone.ts';
import type { RedisForTests } from './redis.ts';

/** A worker that was killed is there again in about a second; the machine may be busy. */
export const RIGHT_MS = 40_000;

/** Settings of a machine with several workers, with a part of Redis that no other test has. */
export function crewSettings(redis: RedisForTests, workers: number, more: Settings = {}): Settings {
  const prefix = `${redis.prefix}-${randomToken()}`;
  const store = { REDIS_URL: redis.url, LAMPLIGHTER_REDIS_PREFIX: prefix };
  return { ...freshSettings(), ...store, LAMPLIGHTER_WORKERS: `${workers}`, ...more };
}

/** Waits until every worker is there and works. */
export async function allWork(lamplighter: LamplighterProcess): Promise<void> {
  const ready = async () => expect((await lamplighter.api('GET', '/readyz')).status).toBe(200);
  await vi.waitFor(ready, { timeout: RIGHT_MS, interval: 200 });
}

/** The process ids of the workers of a Lamplighter (Linux). */
export function workerPids({ pid }: LamplighterProcess): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

/** One metric of each worker, by number; `labels`: those before that of the worker, such as `package="dialog",`. */
export async function countByWorker(
  lamplighter: LamplighterProcess,
  metric: string,
  labels = '',
): Promise<ReadonlyMap<number, number>> {
  const { body } = await lamplighter.api('GET', '/metrics');
  const counts = new Map<number, number>();
  for (const line of String(body.text).split('\n')) {
    const found = /^(\w+)\{(.*)worker="(\d+)"\} (\S+)$/.exec(line);
    if (found?.[1] === `lamplighter_${metric}` && found[2] === labels)
      counts.set(Number(found[3]), Number(found[4]));
  }
  return counts;
}

/** The same of all workers together. */
export async function countOfAll(
  lamplighter: LamplighterProcess,
  metric: string,
  labels = '',
): Promise<number> {
  const counts = await countByWorker(lamplighter, metric, labels);
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
