import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Api } from '../../src/web/api.ts';
import { LampStore } from '../../src/web/state/lamp-store.ts';
import { type LampStream, openLampStream, setOnOwnConnection } from '../support/lamp-stream.ts';
import { type LamplighterProcess, startLamplighter } from '../support/lamplighter-process.ts';
import { openPhone, randomToken } from '../support/phone.ts';
import { dialogInfo, dialogText } from '../support/published.ts';
import { redisForTests } from '../support/redis.ts';
import { allShow, watchAt } from '../support/watching-phones.ts';
import { allWork, countByWorker, crewSettings, RIGHT_MS, workerPids } from '../support/worker-processes.ts';

const TIMEOUT_MS = 240_000;
const WORKERS = 3;
const STATUSES = ['busy', 'ringing', 'idle'] as const;
/** Lost announcements, and IDs that come to be watched, are looked for every 3 s. */
const LOOKED_MS = 4_000;

const open = new AsyncDisposableStack();
let lamplighter: LamplighterProcess;
beforeAll(async () => {
  const redis = open.use(await redisForTests());
  lamplighter = open.use(await startLamplighter(crewSettings(redis, WORKERS)));
}, TIMEOUT_MS);
afterAll(() => open.disposeAsync());

/** Opens streams until each worker serves `each` of them at least; gives those of each worker by its number. */
async function openStreams(
  opened: AsyncDisposableStack,
  each: number,
): Promise<ReadonlyMap<number, readonly LampStream[]>> {
  const streams = new Map<number, LampStream[]>();
  const enough = () =>
    streams.size === WORKERS && [...streams.values()].every(({ length }) => length >= each);
  for (let before = await countByWorker(lamplighter, 'live_streams'); !enough(); ) {
    const stream = opened.use(await openLampStream(lamplighter));
    const now = await countByWorker(lamplighter, 'live_streams');
    const worker = [...now.keys()].find((number) => now.get(number) !== before.get(number)) ?? 0;
    streams.set(worker, [...(streams.get(worker) ?? []), stream]);
    before = now;
  }
  return streams;
}

/** Waits until every stream has told of these revs of an ID, each once and in this order. */
async function allTell(streams: readonly LampStream[], id: string, revs: readonly number[]): Promise<void> {
  const told = () => expect(streams.map((stream) => stream.revsOf(id))).toEqual(streams.map(() => revs));
  await vi.waitFor(told, { timeout: RIGHT_MS, interval: 5 });
}

/** True once each worker has answered such a request. */
async function allHave(metric: string, labels: string): Promise<boolean> {
  const counts = await countByWorker(lamplighter, metric, labels);
  return counts.size === WORKERS && [...counts.values()].every((count) => count > 0);
}

/** Sets a lamp until that is answered 200: a worker that dies takes its connections along. */
async function setForSure(id: string, status: (typeof STATUSES)[number]) {
  const set = async () => {
    expect(await setOnOwnConnection(lamplighter, id, status)).not.toBeNull();
  };
  await vi.waitFor(set, { timeout: RIGHT_MS, interval: 100 });
}

/** The lamps as the page follows them: it comes back half a second after its stream has ended. */
function follow(): LampStore {
  const { LAMPLIGHTER_HTTP_PORT: port } = lamplighter.settings;
  const live: Api['live'] = (realm, signal) =>
    fetch(`http://127.0.0.1:${port}/v1/realms/${realm}/live`, { signal });
  return new LampStore({ live } as Api, 'default');
}

describe(`streams of lamps of ${WORKERS} workers`, { timeout: TIMEOUT_MS }, () => {
  test('a PUT that any worker takes is told once by the streams of all, in the order of revs, whether a phone watches or not', async () => {
    await using opened = new AsyncDisposableStack();
    // One of the workers has it, the others have nobody who watches that lamp.
    const watching = await watchAt(lamplighter);
    opened.use(watching.phone);
    const ids = [watching.id, `lamp-${randomToken()}`];
    const streams = [...(await openStreams(opened, 2)).values()].flat();
    const told: number[] = [];
    while (told.length < 9 || !(await allHave('http_requests_total', 'method="PUT",status="200",'))) {
      const status = STATUSES[told.length % 3] ?? 'idle';
      told.push(told.length + 1);
      for (const id of ids) {
        expect(await setOnOwnConnection(lamplighter, id, status)).toBe(told.length);
        await allTell(streams, id, told);
      }
    }
    await setOnOwnConnection(lamplighter, watching.id, 'busy');
    await allShow([watching], 'confirmed');
    await pause(LOOKED_MS);
    for (const id of ids) await allTell(streams, id, id === watching.id ? [...told, told.length + 1] : told);
  });

  test('a PUBLISH that any worker hears is told once by the streams of all', async () => {
    await using opened = new AsyncDisposableStack();
    const id = `lamp-${randomToken()}`;
    const streams = [...(await openStreams(opened, 1)).values()].flat();
    const told: number[] = [];
    // Each phone is another source for the kernel's hash.
    while (told.length < 6 || !(await allHave('sip_requests_total', 'method="PUBLISH",status="200",'))) {
      const phone = opened.use(await openPhone({ transport: 'udp', server: lamplighter.place('udp') }));
      const { status } = await phone.request({
        method: 'PUBLISH',
        uri: `sip:${id}@127.0.0.1`,
        headers: ['event', 'dialog', 'expires', '600', 'content-type', 'application/dialog-info+xml'],
        body: dialogInfo(dialogText(`d${told.length}`, 'confirmed')),
      });
      expect(status).toBe(200);
      told.push(told.length + 1);
      await allTell(streams, id, told);
    }
    for (const stream of streams) expect(stream.told.at(-1)?.lamp.status).toBe('busy');
  });

  test('changes that come at once through all workers are told in the order of revs, the last one everywhere', async () => {
    await using opened = new AsyncDisposableStack();
    const streams = [...(await openStreams(opened, 1)).values()].flat();
    const ids = Array.from({ length: 8 }, () => `lamp-${randomToken()}`);
    const changes = Array.from({ length: 400 }, (_, index) =>
      setOnOwnConnection(lamplighter, ids[index % ids.length] ?? '', STATUSES[index % 3] ?? 'idle'),
    );
    const revs = await Promise.all(changes);
    for (const [place, id] of ids.entries()) {
      const last = Math.max(
        ...revs.filter((_, index) => index % ids.length === place).map((rev) => rev ?? 0),
      );
      const lasts = () => streams.map((stream) => stream.revsOf(id).at(-1));
      await vi.waitFor(() => expect(lasts()).toEqual(streams.map(() => last)), { timeout: RIGHT_MS });
      for (const stream of streams) {
        const told = stream.revsOf(id);
        expect(told).toEqual([...new Set(told)].toSorted((one, other) => one - other));
      }
    }
  });

  test('kill -9 of a worker ends its streams alone; who comes back, to whichever worker, has lost nothing', async () => {
    await using opened = new AsyncDisposableStack();
    const streams = await openStreams(opened, 2);
    const pages = Array.from({ length: 2 * WORKERS }, () => follow());
    for (const page of pages) opened.defer(() => page.close());
    const lost = new Set<LampStore>();
    for (const page of pages) page.subscribe(() => page.snapshot().link === 'lost' && lost.add(page));
    const ids = Array.from({ length: 12 }, () => `lamp-${randomToken()}`);
    const setAll = (status: (typeof STATUSES)[number]) =>
      Promise.all(ids.map((id) => setForSure(id, status)));
    const allPagesShow = async (expected: readonly string[]) => {
      const shown = () => pages.map((page) => ids.map((id) => page.snapshot().boards[id]?.lamp.status));
      await vi.waitFor(() => expect(shown()).toEqual(pages.map(() => expected)), { timeout: RIGHT_MS });
    };
    await setAll('busy');
    await allPagesShow(ids.map(() => 'busy'));

    const [victim = 0] = workerPids(lamplighter);
    const load = setAll('ringing');
    process.kill(victim, 'SIGKILL');
    await load;
    // Half of them go dark while the pages are away: the snapshot that they come back to does not name those.
    const final = ids.map((_, index) => (index % 2 === 0 ? 'idle' : 'busy'));
    await Promise.all(ids.map((id, index) => setForSure(id, final[index] === 'idle' ? 'idle' : 'busy')));
    const all = [...streams.values()];
    const ended = all.filter((ofWorker) => ofWorker.some((stream) => stream.ended));
    expect(ended).toHaveLength(1);
    expect(ended[0]?.every((stream) => stream.ended)).toBe(true);
    await allPagesShow(final);
    expect(lost.size).toBeGreaterThan(0);
    expect(lost.size).toBeLessThan(pages.length);

    await allWork(lamplighter);
    const [dead = []] = ended;
    const others = all.filter((ofWorker) => ofWorker !== dead).flat();
    const again = [...(await openStreams(opened, 1)).values()].flat();
    for (const [index, id] of ids.entries()) {
      const revs = others[0]?.revsOf(id) ?? [];
      const rev = await setOnOwnConnection(lamplighter, id, index % 2 === 0 ? 'ringing' : 'idle');
      await allTell(again, id, [rev ?? 0]);
      await allTell(others, id, [...revs, rev ?? 0]);
    }
    await allPagesShow(ids.map((_, index) => (index % 2 === 0 ? 'ringing' : 'idle')));
  });
});
