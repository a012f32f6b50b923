import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exclusive } from './exclusive.ts';

const run = promisify(execFile);
const ROOT = new URL('../..', import.meta.url).pathname;
/** What the page is built from, and what comes of it. */
const SOURCES = ['src/web', 'src/callflow', 'src/presence', 'vite.config.ts', 'package-lock.json'];
const PAGE = join(ROOT, 'dist/web/index.html');

/** Builds the page unless it is there and as new as its sources. Vitest calls it once before the browser tests. */
export async function setup(): Promise<void> {
  await using _ = await exclusive('built-page');
  const newest = Math.max(...(await Promise.all(SOURCES.map((path) => newestBelow(join(ROOT, path))))));
  if ((await changedAt(PAGE)) >= newest) return;
  await run('npm', ['run', 'build:web'], { cwd: ROOT });
}

/** When a file, or any file in a folder, was changed last, in ms. */
async function newestBelow(path: string): Promise<number> {
  if (!(await stat(path)).isDirectory()) return changedAt(path);
  const names = await readdir(path, { recursive: true });
  return Math.max(0, ...(await Promise.all(names.map((name) => changedAt(join(path, name))))));
}

/** 0 when it is not there. */
async function changedAt(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.mtimeMs ?? 0;
}
