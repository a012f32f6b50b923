import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMBINATIONS, type Combination, openSurroundings } from '../support/combination.ts';
import { readNotify } from '../support/lamp-document.ts';
import {
  freshSettings,
  runLamplighter,
  type Settings,
  startLamplighter,
} from '../support/lamplighter-process.ts';
import { openPhone, randomToken } from '../support/phone.ts';

/** Where another program sits, and which setting moves Lamplighter out of its way. */
const TAKEN = [
  { name: 'UDP', occupy: occupyUdp, env: 'LAMPLIGHTER_SIP_PORT', key: 'sip.port' },
  { name: 'TCP', occupy: occupyTcp, env: 'LAMPLIGHTER_SIP_PORT', key: 'sip.port' },
  { name: 'WS', occupy: occupyTcp, env: 'LAMPLIGHTER_SIP_WS_PORT', key: 'sip.wsPort' },
  { name: 'HTTP', occupy: occupyTcp, env: 'LAMPLIGHTER_HTTP_PORT', key: 'http.port' },
];

interface Occupied extends AsyncDisposable {
  readonly port: number;
}

async function occupyTcp(): Promise<Occupied> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Cannot occupy a port');
  return { port: address.port, [Symbol.asyncDispose]: async () => void server.close() };
}

async function occupyUdp(): Promise<Occupied> {
  const socket = createSocket('udp4').bind(0);
  await once(socket, 'listening');
  return { port: socket.address().port, [Symbol.asyncDispose]: async () => void socket.close() };
}

describe('a start that cannot be says why in one line and exits with 1', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lamplighter-ports-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  /** Settings with a data directory of their own. */
  function settings(more: Settings = {}): Settings {
    return { ...freshSettings(), LAMPLIGHTER_DATA_DIR: join(dataDir, randomToken()), ...more };
  }

  test.for(TAKEN)('a taken $name port', async ({ name, occupy, env, key }) => {
    await using occupied = await occupy();
    const { code, lines } = await runLamplighter(settings({ [env]: `${occupied.port}` }));
    expect(lines).toEqual([expect.stringContaining(`port ${occupied.port}`)]);
    expect(lines[0]).toContain(env);
    expect(lines[0]).toContain(key);
    expect(lines[0]).toContain(name);
    expect(code).toBe(1);
  });

  test('a data directory that another process has', async () => {
    await using first = await startLamplighter();
    const taken = first.settings.LAMPLIGHTER_DATA_DIR ?? '';
    const { code, lines } = await runLamplighter(settings({ LAMPLIGHTER_DATA_DIR: taken }));
    expect(lines).toEqual([expect.stringContaining(taken)]);
    expect(lines[0]).toContain('LAMPLIGHTER_DATA_DIR');
    expect(code).toBe(1);
    expect((await first.set('1001', 'busy')).status).toBe(200);
  });

  test('a setting that is none, with the one that was probably meant', async () => {
    const { code, lines } = await runLamplighter(settings({ LAMPLIGHTER_SIP_PROT: '5060' }));
    expect(lines).toEqual([expect.stringContaining('LAMPLIGHTER_SIP_PORT')]);
    expect(code).toBe(1);
  });

  test('an API that is open to others without a token', async () => {
    const { code, lines } = await runLamplighter(settings({ LAMPLIGHTER_HTTP_HOST: '0.0.0.0' }));
    expect(lines).toEqual([expect.stringContaining('LAMPLIGHTER_HTTP_TOKENS')]);
    expect(code).toBe(1);
  });

  test('a Redis that is not there', async () => {
    await using occupied = await occupyUdp();
    const url = `redis://127.0.0.1:${occupied.port}`;
    const { code, lines } = await runLamplighter(settings({ REDIS_URL: url }));
    expect(lines.at(-1)).toContain(`127.0.0.1:${occupied.port}`);
    expect(code).toBe(1);
  });
});

test('a start says in five lines how to light a first lamp', async () => {
  await using lamplighter = await startLamplighter();
  expect(lamplighter.lines).toHaveLength(5);
  const [, phones, api, watch, light] = lamplighter.lines;
  expect(phones).toContain('No SIP authentication is configured');
  expect(api).toContain(`http://127.0.0.1:${lamplighter.settings.LAMPLIGHTER_HTTP_PORT}`);
  expect(watch).toContain('lamplighter watch');
  expect(light).toContain('curl');
});

describe.each(COMBINATIONS)('SIGTERM ($name)', (combination: Combination) => {
  test('ends it within 5 s with 0, and a later start goes on where it was', async () => {
    await using surroundings = await openSurroundings(combination);
    await using lamplighter = await startLamplighter(surroundings.settings);
    const id = `lamp-${randomToken()}`;
    await using phone = await openPhone({ transport: 'udp', server: lamplighter.place('udp') });
    const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`);
    await subscription.nextNotify();
    await lamplighter.set(id, 'busy');
    const before = readNotify(await subscription.nextNotify());

    const begun = performance.now();
    expect(await lamplighter.stop()).toBe(0);
    expect(performance.now() - begun).toBeLessThan(5_000);
    await subscription.notifies.silent(0);

    await lamplighter.start();
    expect(lamplighter.lines.at(-5)).toContain('1 subscriptions taken up');
    const { body } = await lamplighter.api('GET', `/v1/realms/default/presence/${id}`);
    expect(body).toMatchObject({ rev: 1, lamp: { status: 'busy' } });
    await lamplighter.set(id, 'ringing');
    const after = readNotify(await subscription.nextNotify());
    expect(after.lamp).toBe('early');
    expect(after.cseq).toBeGreaterThan(before.cseq);
    expect(after.version).toBeGreaterThan(before.version ?? 0);
  });
});
