import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedStore } from '../../../src/store/embedded/store.ts';
import { blank, bump, freshResource, recordOf } from './values.ts';

describe('embedded store when things break', () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lamplighter-store-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it('kill -9: everything that was acknowledged is there, and the next process may open it', async () => {
    const { child, lines } = await hold(dataDir);
    let acknowledged = 0;
    for await (const line of lines) {
      acknowledged = Number(line);
      if (acknowledged === 50) child.kill('SIGKILL');
    }
    expect(acknowledged).toBeGreaterThanOrEqual(50);
    const store = await createEmbeddedStore({ dataDir });
    const board = await store.boards.get({ realm: 'acme.example', user: 'night' });
    expect(board?.rev).toBeGreaterThanOrEqual(acknowledged);
    await store.close();
  });

  it('a second process on the same directory is refused with one clear line, and does the first no harm', async () => {
    const { child, lines } = await hold(dataDir);
    await expect(createEmbeddedStore({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIR_IN_USE',
      message: `Cannot open "${join(dataDir, 'lamplighter.db')}": another process uses it, set a dataDir (LAMPLIGHTER_DATA_DIR) of its own for each`,
    });
    const before = Number((await lines.next()).value);
    const after = Number((await lines.next()).value);
    expect(after).toBe(before + 1);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });

  it('a second store in the same process is refused too; after close() it is not', async () => {
    const store = await createEmbeddedStore({ dataDir });
    await expect(createEmbeddedStore({ dataDir })).rejects.toMatchObject({ code: 'DATA_DIR_IN_USE' });
    await store.close();
    const again = await createEmbeddedStore({ dataDir });
    await again.close();
  });

  it('a file that is no database is STORE_CORRUPT', async () => {
    await writeFile(
      join(dataDir, 'lamplighter.db'),
      'this is not a database, but it is long enough to look like one'.repeat(20),
    );
    await expect(createEmbeddedStore({ dataDir })).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining('file is not a database'),
    });
  });

  it('a file of a later version is STORE_CORRUPT and stays as it is', async () => {
    const path = join(dataDir, 'lamplighter.db');
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    await expect(createEmbeddedStore({ dataDir })).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining('schema version 99'),
    });
  });

  it('a directory that cannot be made or written is STORE_AWAY', async () => {
    const file = join(dataDir, 'file');
    await writeFile(file, '');
    await expect(createEmbeddedStore({ dataDir: join(file, 'data') })).rejects.toMatchObject({
      code: 'STORE_AWAY',
    });
    await mkdir(join(dataDir, 'lamplighter.db'));
    await expect(createEmbeddedStore({ dataDir })).rejects.toMatchObject({ code: 'STORE_AWAY' });
  });

  it('a data directory that does not exist yet is made', async () => {
    const store = await createEmbeddedStore({ dataDir: join(dataDir, 'a', 'b') });
    expect(store.ready()).toBe(true);
    await store.close();
  });

  it('a group that cannot be written is refused as a whole, and the next one goes on', async () => {
    const store = await createEmbeddedStore({ dataDir });
    const resource = freshResource();
    const first = store.boards.change(resource, bump(resource));
    // SQLite refuses it only when it is written: the column may not be null.
    const bad = store.subscriptions.create({ ...recordOf(resource), createdAt: Number.NaN });
    const results = await Promise.allSettled([first, bad]);
    for (const result of results)
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'STORE_AWAY' } });
    expect(store.ready()).toBe(false);
    expect((await store.boards.change(resource, bump(resource))).board?.rev).toBe(1);
    expect(store.ready()).toBe(true);
    await store.close();
  });

  it('writes that are still waiting at close() are done', async () => {
    const store = await createEmbeddedStore({ dataDir });
    const resource = freshResource();
    const change = store.boards.change(resource, bump(resource));
    await store.close();
    const again = await createEmbeddedStore({ dataDir });
    expect(await again.boards.get(resource)).toEqual((await change).board);
    await again.close();
  });

  it('garbage goes at the next start: old expired records, old blank boards that nobody watches', async () => {
    const store = await createEmbeddedStore({ dataDir });
    const [content, empty, watched] = [freshResource(), freshResource(), freshResource()];
    for (const resource of [content, empty, watched]) await store.boards.change(resource, bump(resource));
    for (const resource of [empty, watched]) await store.boards.change(resource, blank(resource));
    const [old, live] = [recordOf(empty, { expiresAt: 1000 }), recordOf(watched)];
    for (const record of [old, live]) await store.subscriptions.create(record);
    await store.close();

    const database = new DatabaseSync(join(dataDir, 'lamplighter.db'));
    database.exec('UPDATE boards SET touched_at = 0; UPDATE subscriptions SET touched_at = 0');
    database.close();

    const again = await createEmbeddedStore({ dataDir });
    expect((await again.boards.get(content))?.rev).toBe(1);
    expect(await again.boards.get(empty)).toBeNull();
    expect((await again.boards.get(watched))?.rev).toBe(2);
    expect(await again.subscriptions.find(old.id)).toBeNull();
    expect(await again.subscriptions.find(live.id)).toEqual(live);
    await again.close();
  });
});

/** A process that has the data directory open. `lines` goes on after its first line. */
async function hold(
  dataDir: string,
): Promise<{ readonly child: ChildProcess; readonly lines: AsyncIterableIterator<string> }> {
  const program = new URL('./hold-embedded.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  expect(first.value).toBe('open');
  return { child, lines };
}
