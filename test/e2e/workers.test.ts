import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { setOnOwnConnection } from '../support/lamp-stream.ts';
import {
  freshSettings,
  type LamplighterProcess,
  runLamplighter,
  type Settings,
  startLamplighter,
} from '../support/lamplighter-process.ts';
import { openPhone, randomToken } from '../support/phone.ts';
import { type RedisForTests, redisForTests } from '../support/redis.ts';
import { allShow, expectOneDialog, setAll, type WatchingPhone, watchAt } from '../support/watching-phones.ts';
import {
  allWork,
  countByWorker,
  countOfAll,
  crewSettings,
  RIGHT_MS,
  workerPids,
} from '../support/worker-processes.ts';

const TIMEOUT_MS = 240_000;
const PHONES = 200;
const DIALOGS = ['subscriptions', 'package="dialog",'] as const;

let redis: RedisForTests;
beforeAll(async () => {
  redis = await redisForTests();
});
afterAll(() => redis[Symbol.asyncDispose]());

const crewOf = (workers: number, more?: Settings): Settings => crewSettings(redis, workers, more);

/** Opens phones at a machine, a few at once. They close with `opened`. */
async function watchMany(
  lamplighter: LamplighterProcess,
  opened: AsyncDisposableStack,
  count: number,
  transport: 'udp' | 'tcp' = 'udp',
): Promise<readonly WatchingPhone[]> {
  const watching: WatchingPhone[] = [];
  while (watching.length < count) {
    const more = Math.min(20, count - watching.length);
    const opening = Array.from({ length: more }, () => watchAt(lamplighter, transport));
    watching.push(...(await Promise.all(opening)));
  }
  for (const { phone } of watching) opened.use(phone);
  return watching;
}

async function refreshAll(watching: readonly WatchingPhone[]): Promise<void> {
  const answers = await Promise.all(watching.map(({ subscription }) => subscription.refresh(600)));
  expect(answers.map(({ status }) => status)).toEqual(watching.map(() => 200));
}

describe.each([2, 3])('%i workers', { timeout: TIMEOUT_MS }, (workers) => {
  test(`share ${PHONES} phones; kill -9 of one, then of another: every lamp is right, in the same dialogs`, async () => {
    await using opened = new AsyncDisposableStack();
    const lamplighter = opened.use(await startLamplighter(crewOf(workers)));
    const watching = await watchMany(lamplighter, opened, PHONES);
    const shares = [...(await countByWorker(lamplighter, ...DIALOGS)).values()];
    expect(shares).toHaveLength(workers);
    // Of 200 sources that the kernel spreads by their hash, each worker has some.
    for (const share of shares) expect(share).toBeGreaterThan(PHONES / workers / 3);

    // One after the other: where the last that had opened the port is killed, its successor gets its phones again, and none
    // is spread anew.
    for (const victim of workerPids(lamplighter).slice(0, 2)) {
      await setAll(lamplighter, watching, 'busy');
      await allShow(watching, 'confirmed', RIGHT_MS);
      const load = setAll(lamplighter, watching, 'idle').catch(() => undefined);
      process.kill(victim, 'SIGKILL');
      await load;
      await allWork(lamplighter);
      expect(workerPids(lamplighter)).not.toContain(victim);
      await setAll(lamplighter, watching, 'ringing');
      await allShow(watching, 'early', RIGHT_MS);
      expectOneDialog(watching);

      // The kernel has spread the phones anew: answers and refreshes come to another worker than the one they are for.
      await refreshAll(watching);
      await setAll(lamplighter, watching, 'busy');
      await allShow(watching, 'confirmed', RIGHT_MS);
      expectOneDialog(watching);
    }
    const owned = async () => expect(await countOfAll(lamplighter, ...DIALOGS)).toBe(PHONES);
    await vi.waitFor(owned, { timeout: RIGHT_MS, interval: 200 });
    expect(await countOfAll(lamplighter, 'edge_events_total', 'event="passed_on",')).toBeGreaterThan(0);
  });
});

describe('two workers', { timeout: TIMEOUT_MS }, () => {
  //  phone          worker 1        worker 2
  //    | <- NOTIFY -----|               |
  //    |   another port: 200 to whom the kernel likes
  test('a 200 and a refresh from other ports find the worker that they are for', async () => {
    await using opened = new AsyncDisposableStack();
    const lamplighter = opened.use(await startLamplighter(crewOf(2)));
    const [watcher] = await watchMany(lamplighter, opened, 1);
    if (watcher === undefined) throw new Error('There is no phone');
    const { phone, subscription, id } = watcher;
    const server = lamplighter.place('udp');
    const others = await Promise.all(
      Array.from({ length: 12 }, () => openPhone({ transport: 'udp', server })),
    );
    for (const other of others) opened.use(other);

    const copies: string[] = [];
    phone.answer = () => ({ status: 200 });
    phone.listen((message) => {
      if (message.kind === 'request') copies.push(phone.texts.at(-1) ?? '');
    });
    await lamplighter.set(id, 'busy');
    await allShow([watcher], 'confirmed');
    const okays = await countOfAll(lamplighter, 'notifies_total', 'result="ok",');
    const notify = copies.at(-1) ?? '';
    const ok = `${notify.slice(0, notify.indexOf('\r\n\r\n'))}\r\n\r\n`
      .replace(/^NOTIFY [^\r]*/, 'SIP/2.0 200 OK')
      .replace(/Content-Length: \d+/i, 'Content-Length: 0');
    for (const other of others) other.send(ok);
    const passed = () => countOfAll(lamplighter, 'edge_events_total', 'event="passed_on",');
    await vi.waitFor(async () => expect(await passed()).toBeGreaterThan(0), { timeout: RIGHT_MS });
    expect(await countOfAll(lamplighter, 'notifies_total', 'result="ok",')).toBe(okays);

    const before = await countByWorker(lamplighter, ...DIALOGS);
    for (const other of others) {
      subscription.cseq += 1;
      const answer = await other.request({
        method: 'SUBSCRIBE',
        uri: subscription.remoteTarget,
        callId: subscription.callId,
        fromTag: subscription.fromTag,
        ...(subscription.toTag === null ? {} : { toTag: subscription.toTag }),
        cseq: subscription.cseq,
        headers: ['event', 'dialog', 'expires', '600'],
      });
      expect(answer.status).toBe(200);
    }
    expect(await countByWorker(lamplighter, ...DIALOGS)).toEqual(before);
  });

  test('phones on TCP are spread, and each hears what was set through any worker', async () => {
    await using opened = new AsyncDisposableStack();
    const lamplighter = opened.use(await startLamplighter(crewOf(2)));
    const watching: WatchingPhone[] = [];
    // One after the other: a worker that still takes one connection is passed over for the next.
    while (watching.length < 8) watching.push(...(await watchMany(lamplighter, opened, 1, 'tcp')));
    expect([...(await countByWorker(lamplighter, ...DIALOGS)).values()]).toEqual([4, 4]);
    await setAll(lamplighter, watching, 'busy');
    await allShow(watching, 'confirmed');
    await refreshAll(watching);
    expectOneDialog(watching);
  });

  test('a connection that was being given to one when it died is ended, and not left open without an answer', async () => {
    await using opened = new AsyncDisposableStack();
    const lamplighter = opened.use(await startLamplighter(crewOf(2)));
    const [victim = 0] = workerPids(lamplighter);
    process.kill(victim, 'SIGSTOP');
    // The stopped one is given one of them, and does not take it; the others go to its sibling.
    const asked = Array.from({ length: 4 }, () =>
      setOnOwnConnection(lamplighter, `lamp-${randomToken()}`, 'busy').then(
        () => 'answered',
        () => 'ended',
      ),
    );
    expect(await Promise.race([pause(3_000, 'one waits'), Promise.all(asked)])).toBe('one waits');
    process.kill(victim, 'SIGKILL');
    const how = Promise.race([pause(RIGHT_MS, ['left open']), Promise.all(asked)]);
    expect((await how).toSorted()).toEqual(['answered', 'answered', 'answered', 'ended']);
    await allWork(lamplighter);
  });

  test('one that is stuck is ended, and its phones go on', async () => {
    await using opened = new AsyncDisposableStack();
    const lamplighter = opened.use(await startLamplighter(crewOf(2)));
    const watching = await watchMany(lamplighter, opened, 20);
    const [victim = 0] = workerPids(lamplighter);
    process.kill(victim, 'SIGSTOP');
    const replaced = () => expect(workerPids(lamplighter)).not.toContain(victim);
    await vi.waitFor(replaced, { timeout: RIGHT_MS, interval: 200 });
    await allWork(lamplighter);
    await setAll(lamplighter, watching, 'busy');
    await allShow(watching, 'confirmed', RIGHT_MS);
    expectOneDialog(watching);
  });
});

describe('a machine', { timeout: TIMEOUT_MS }, () => {
  test('ends within 5 s at SIGTERM, and goes on with another number of workers', async () => {
    await using opened = new AsyncDisposableStack();
    const settings = crewOf(2);
    let lamplighter = opened.use(await startLamplighter(settings));
    const watching = await watchMany(lamplighter, opened, 30);
    for (const [workers, status, lamp] of [
      [3, 'busy', 'confirmed'],
      [1, 'ringing', 'early'],
      [2, 'idle', 'terminated'],
    ] as const) {
      const begun = performance.now();
      expect(await lamplighter.stop()).toBe(0);
      expect(performance.now() - begun).toBeLessThan(5_000);
      const next = { ...settings, LAMPLIGHTER_WORKERS: `${workers}` };
      lamplighter = opened.use(await startLamplighter(next));
      await setAll(lamplighter, watching, status);
      await allShow(watching, lamp, RIGHT_MS);
    }
    expectOneDialog(watching);
    expect(await countOfAll(lamplighter, ...DIALOGS)).toBe(30);
  });

  test('that is killed leaves no worker behind, and starts again on its ports', async () => {
    await using opened = new AsyncDisposableStack();
    const lamplighter = opened.use(await startLamplighter(crewOf(2)));
    const watching = await watchMany(lamplighter, opened, 10);
    const pids = workerPids(lamplighter);
    await lamplighter.kill9();
    await lamplighter.start();
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await setAll(lamplighter, watching, 'busy');
    await allShow(watching, 'confirmed', RIGHT_MS);
    expectOneDialog(watching);
  });
});

describe('what keeps several workers from starting is said in one line', { timeout: TIMEOUT_MS }, () => {
  /** Errors of the store's check are not what these tests are about. */
  const quiet = { LAMPLIGHTER_LOG_LEVEL: 'silent' };

  test('a second instance by accident, of several workers or one', async () => {
    await using first = await startLamplighter(crewOf(2));
    const { LAMPLIGHTER_SIP_PORT: port = '' } = first.settings;
    for (const workers of [1, 2]) {
      const second = { ...crewOf(workers, quiet), LAMPLIGHTER_SIP_PORT: port };
      const { code, lines } = await runLamplighter(second);
      expect(lines).toEqual([expect.stringContaining(`Cannot listen on UDP port ${port}: it is in use`)]);
      expect(lines[0]).toMatch(/\[PORT_TAKEN\]$/);
      expect(code).toBe(1);
    }
    expect((await first.set('1001', 'busy')).status).toBe(200);
  });

  test('a UDP port that another program has', async () => {
    const socket = createSocket('udp4').bind(0);
    await once(socket, 'listening');
    const taken = `${socket.address().port}`;
    const { code, lines } = await runLamplighter(crewOf(2, { ...quiet, LAMPLIGHTER_SIP_PORT: taken }));
    socket.close();
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^Cannot listen on UDP port ${taken}: .*PORT_TAKEN`)),
    ]);
    expect(code).toBe(1);
  });

  test.each(['SIP_WS_PORT', 'HTTP_PORT'])('a port of streams that another program has: %s', async (key) => {
    const server = createServer().listen(0);
    await once(server, 'listening');
    const address = server.address();
    const taken = `${typeof address === 'object' ? address?.port : ''}`;
    const { code, lines } = await runLamplighter(crewOf(2, { ...quiet, [`LAMPLIGHTER_${key}`]: taken }));
    server.close();
    expect(lines).toEqual([expect.stringMatching(new RegExp(`port ${taken}\\b.*PORT_TAKEN`))]);
    expect(code).toBe(1);
  });

  test('a node of the same name, and the embedded store', async () => {
    const settings = crewOf(2, quiet);
    await using first = await startLamplighter(settings);
    const { LAMPLIGHTER_NODE_ID: node = '' } = first.settings;
    const twin = await runLamplighter({
      ...settings,
      ...freshSettings(),
      ...quiet,
      LAMPLIGHTER_NODE_ID: node,
    });
    expect(twin.lines).toEqual([
      expect.stringMatching(new RegExp(`^Cannot run as node "${node}#[12]": .*NODE_ID_TAKEN`)),
    ]);
    expect(twin.code).toBe(1);
    const { code, lines } = await runLamplighter({ ...freshSettings(), LAMPLIGHTER_WORKERS: '2' });
    expect(lines).toEqual([
      expect.stringMatching(/^Cannot use workers 2 with the embedded store: .*CONFIG_INVALID/),
    ]);
    expect(code).toBe(1);
  });
});
