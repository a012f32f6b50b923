import { readFileSync } from 'node:fs';
import type { LamplighterProcess } from './lamplighter-process.ts';

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
