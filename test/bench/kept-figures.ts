import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { Changes, Figures } from './figures.ts';

/** Figures without whom they are of. */
type Kept = Omit<Figures, 'contestant'>;

/** Adds what earlier runs have kept in a file to the figures that this run has left out; '' for no file. */
export async function withKept(file: string, all: readonly Figures[]): Promise<readonly Figures[]> {
  if (file === '' || !existsSync(file)) return all;
  // Written by `keep` alone.
  const kept = JSON.parse(await readFile(file, 'utf8')) as Record<string, Kept>;
  return all.map((figures) => merged(figures, kept[figures.contestant.name]));
}

/** Keeps figures in a file; '' for no file. */
export async function keep(file: string, all: readonly Figures[]): Promise<void> {
  if (file === '') return;
  const kept = all.map(({ contestant, ...figures }) => [contestant.name, figures] as const);
  await writeFile(file, JSON.stringify(Object.fromEntries(kept), null, 1));
}

function merged(now: Figures, before: Kept | undefined): Figures {
  if (before === undefined) return now;
  const { contestant, server } = now;
  return {
    contestant,
    server: server === '' ? before.server : server,
    api: newer(now.api, before.api),
    subscribe: newer(now.subscribe, before.subscribe),
    refresh: newer(now.refresh, before.refresh),
    changes: [...now.changes, ...before.changes.filter((old) => !isAmong(now.changes, old))],
    crowd: newer(now.crowd, before.crowd),
    many: now.many ?? before.many,
  };
}

function newer<Window>(now: Window[], before: Window[]): Window[] {
  return now.length > 0 ? now : before;
}

function isAmong(changes: readonly Changes[], { watchers }: Changes): boolean {
  return changes.some((each) => each.watchers === watchers);
}
