import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedStore } from '../../../src/store/embedded/store.ts';
import { callflowOf, freshRealm, nextOf, runOf } from './callflow-values.ts';
import { bump, freshResource, randomId } from './values.ts';

describe('callflows in the embedded store when things break', () => {
  let dataDir: string;
  const inFile = (work: (database: DatabaseSync) => void) => {
    const database = new DatabaseSync(join(dataDir, 'lamplighter.db'));
    work(database);
    database.close();
  };
  const edit = (sql: string) => inFile((database) => database.exec(sql));

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lamplighter-store-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it('kill -9: everything that was acknowledged is there', async () => {
    const program = new URL('./hold-callflows.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [program, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    let acknowledged = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === 'open') continue;
      acknowledged = Number(line);
      if (acknowledged === 50) child.kill('SIGKILL');
    }
    expect(acknowledged).toBeGreaterThanOrEqual(50);
    const store = await createEmbeddedStore({ dataDir });
    const { callflows } = store;
    const realm = 'acme.example';
    const callflow = await callflows.get(realm, 'flow');
    expect(callflow?.rev).toBeGreaterThanOrEqual(acknowledged);
    expect((await callflows.seats(realm))[0]?.rev).toBeGreaterThanOrEqual(acknowledged);
    const [newest] = await callflows.runs(realm, 'flow', 1);
    expect(Number(newest?.number)).toBeGreaterThanOrEqual(acknowledged);
    expect(await callflows.claim(`claim ${acknowledged}`, 1)).toBe(false);
    expect(await callflows.scheduledUntil(realm)).toBeGreaterThanOrEqual(acknowledged);
    expect(await callflows.stamp(realm)).toBeGreaterThanOrEqual(acknowledged);
    expect(await callflows.save(callflowOf(realm, { id: 'flow', rev: 2 }), 1)).toBe('stale');
    await store.close();
  });

  it('a file of the version before callflows is brought up, and its boards stay', async () => {
    const resource = freshResource();
    const before = await createEmbeddedStore({ dataDir });
    const { board } = await before.boards.change(resource, bump(resource));
    await before.close();
    // What version 1 had: boards and subscriptions.
    inFile((database) => {
      const later = database
        .prepare(
          "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('boards', 'subscriptions')",
        )
        .all();
      for (const { name } of later) database.exec(`DROP TABLE ${name}`);
      database.exec('DROP INDEX subscriptions_in_realm; PRAGMA user_version = 1');
    });

    const store = await createEmbeddedStore({ dataDir });
    const callflow = callflowOf(freshRealm());
    expect(await store.boards.get(resource)).toEqual(board);
    expect(await store.callflows.save(callflow, 0)).toBe('ok');
    await store.close();
    const again = await createEmbeddedStore({ dataDir });
    expect(await again.callflows.list(callflow.realm)).toEqual([callflow]);
    await again.close();
  });

  it('a save that is refused does no harm to the changes that share its commit', async () => {
    const store = await createEmbeddedStore({ dataDir });
    const [good, bad] = [callflowOf(freshRealm()), callflowOf(freshRealm(), { rev: 9 })];
    const results = await Promise.allSettled([store.callflows.save(bad, 3), store.callflows.save(good, 0)]);
    expect(results).toMatchObject([
      { status: 'rejected', reason: { code: 'INTERNAL' } },
      { status: 'fulfilled', value: 'ok' },
    ]);
    expect(store.ready()).toBe(true);
    expect(await store.callflows.get(good.realm, good.id)).toEqual(good);
    await store.close();
  });

  it('a group that cannot be written takes its saves and their stamp with it', async () => {
    const store = await createEmbeddedStore({ dataDir });
    const callflow = callflowOf(freshRealm());
    const { realm, id } = callflow;
    await store.callflows.save(callflow, 0);
    const stamp = await store.callflows.stamp(realm);
    const save = store.callflows.save(nextOf(callflow), 1);
    // SQLite refuses it only when it is written: the column may not be null.
    const bad = store.callflows.setScheduledUntil(realm, Number.NaN);
    for (const result of await Promise.allSettled([save, bad]))
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'STORE_AWAY' } });
    expect(await store.callflows.get(realm, id)).toEqual(callflow);
    expect(await store.callflows.stamp(realm)).toBe(stamp);
    expect(await store.callflows.save(nextOf(callflow), 1)).toBe('ok');
    await store.close();
  });

  it('a callflow that cannot be read is STORE_CORRUPT by itself, and left out of the list', async () => {
    const store = await createEmbeddedStore({ dataDir });
    const realm = freshRealm();
    const [good, bad] = [callflowOf(realm), callflowOf(realm)];
    for (const callflow of [good, bad]) await store.callflows.save(callflow, 0);
    await store.close();
    edit(`UPDATE callflows SET document = '{"rev":' WHERE id = '${bad.id}'`);
    const again = await createEmbeddedStore({ dataDir });
    await expect(again.callflows.get(realm, bad.id)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(await again.callflows.list(realm)).toEqual([good]);
    await again.close();
  });

  it('garbage goes at the next start: old runs of callflows that are gone, claims that ran out', async () => {
    const store = await createEmbeddedStore({ dataDir });
    const callflow = callflowOf(freshRealm());
    const { realm, id } = callflow;
    await store.callflows.save(callflow, 0);
    for (const of of [id, 'gone']) await store.callflows.addRun(runOf(realm, of));
    const [short, long] = [randomId(), randomId()];
    await store.callflows.claim(short, 600_000);
    await store.callflows.claim(long, 600_000);
    await store.close();
    edit(`UPDATE runs SET touched_at = 0; UPDATE claims SET until = 1 WHERE key = '${short}'`);
    const again = await createEmbeddedStore({ dataDir });
    expect(await again.callflows.runs(realm, id, 10)).toHaveLength(1);
    expect(await again.callflows.runs(realm, 'gone', 10)).toEqual([]);
    await again.close();
    const database = new DatabaseSync(join(dataDir, 'lamplighter.db'));
    expect(database.prepare('SELECT key FROM claims').all()).toEqual([{ key: long }]);
    database.close();
  });
});
