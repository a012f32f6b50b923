import { afterEach, describe, expect, test } from 'vitest';
import { type Harness, harness } from '../http/harness.ts';
import { ran } from './fixture.ts';

const running: Harness[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ http }) => http.stop()));
});

/** An API on a free port, and the environment in which the commands find it. */
async function api(env: Readonly<Record<string, string>> = {}) {
  const made = harness(env);
  running.push(made);
  const { port } = await made.http.start();
  return { service: made.service, env: { ...env, LAMPLIGHTER_HTTP_PORT: String(port) } };
}

describe('set', () => {
  test('sets a status and says what became of it', async () => {
    const { env, service } = await api();
    const first = await ran(['set', '1001', 'busy', '--note', 'lunch', '--expires-in', '60'], env);
    expect(first).toEqual({ code: 0, out: ['1001@default  ● busy  (rev 1, 0 watchers)'], err: [] });
    expect(service.boards.get('1001@default')?.manual).toMatchObject({ status: 'busy', note: 'lunch' });
    const again = await ran(['set', '1001', 'idle'], env);
    expect(again.out).toEqual(['1001@default  ● idle  (rev 2, 0 watchers)']);
    expect((await ran(['set', '1001', 'idle'], env)).out[0]).toContain('(rev 2, unchanged, ');
  });

  test('takes the realm from --realm, or from the ID', async () => {
    const { env } = await api();
    expect((await ran(['set', '1', 'busy', '--realm', 'acme.example'], env)).out[0]).toContain(
      '1@acme.example',
    );
    expect((await ran(['set', '#3@acme.example', 'busy'], env)).out[0]).toContain('#3@acme.example');
  });

  test('prints the warning of the API', async () => {
    const { env, service } = await api();
    service.watchedInstead = ['acme.example'];
    expect((await ran(['set', '1001', 'busy'], env)).err[0]).toContain('it is watched in "acme.example"');
  });

  test('uses a token of the configuration that may write, or that of --token', async () => {
    const { env } = await api({ LAMPLIGHTER_HTTP_TOKENS: 'reader=read:*;writer=write:acme.example' });
    expect((await ran(['set', '1@acme.example', 'busy'], env)).code).toBe(0);
    const refused = await ran(['set', '1@acme.example', 'busy', '--token', 'reader'], env);
    expect(refused).toMatchObject({ code: 1, out: [] });
    expect(refused.err).toEqual([
      'Cannot set 1: 403 The token may only read, The token has access "read", it must be "write"',
    ]);
  });

  test.each([
    [['set', '1001'], /^Cannot set status "": call it as "lamplighter set ID idle\|ringing\|busy"$/],
    [['set', '1001', 'away'], /^Cannot set status "away"/],
    [['set', 'a@b@c', 'busy'], /^Cannot use "a@b@c" as a presence ID/],
    [['set', '1', 'busy', '--expires-in', 'soon'], /^Cannot use --expires-in "soon"/],
    [['set', '1', 'busy', '--colour'], /--colour/],
    [['set', '1', 'busy', '--url', 'lamps'], /^Cannot use --url "lamps"/],
    [['light'], /^Cannot run "light": it must be one of serve, set, get, watch, ha1, check$/],
  ])('%j is called wrongly: exit code 2 and one line', async (args, line) => {
    const { code, err } = await ran(args);
    expect(code).toBe(2);
    expect(err).toHaveLength(1);
    expect(err[0]).toMatch(line);
  });

  test('says how to start a server that is not there', async () => {
    const { env } = await api();
    await running.pop()?.http.stop();
    const { code, err } = await ran(['set', '1001', 'busy'], env);
    expect(code).toBe(1);
    expect(err[0]).toBe(
      `Cannot set 1001: http://127.0.0.1:${env.LAMPLIGHTER_HTTP_PORT} cannot be reached (ECONNREFUSED), start it with "lamplighter serve" or use --url`,
    );
  });
});

describe('get', () => {
  test('shows lamp, manual status and legs', async () => {
    const { env, service } = await api();
    const resource = { realm: 'default', user: '1001' };
    await service.setManual(resource, { status: 'busy', note: 'lunch', expiresIn: 60 });
    expect((await ran(['get', '1001'], env)).out).toEqual([
      '1001@default  ● busy  "lunch"  (rev 1)',
      '  manual busy until 2026-11-22T12:01:00.000Z',
    ]);
    await service.putLeg(resource, {
      id: 'l1',
      state: 'early',
      remote: { identity: 'sip:2@x' },
      expiresIn: 9,
    });
    expect((await ran(['get', '1001'], env)).out.slice(-1)).toEqual(['  leg l1 early with sip:2@x']);
    expect(JSON.parse((await ran(['get', '1001', '--json'], env)).out[0] ?? '')).toMatchObject({
      id: '1001',
      rev: 2,
    });
  });
});

describe('check', () => {
  test('says what the configuration makes, without secrets', async () => {
    const env = {
      LAMPLIGHTER_NODE_ID: 'n1',
      REDIS_URL: 'redis://user:hidden@redis:6379',
      DRACHTIO_HOST: 'a,b:9000',
      LAMPLIGHTER_HTTP_TOKENS: 'topsecret',
    };
    const { code, out } = await ran(['check'], env);
    expect(code).toBe(0);
    expect(out.join('\n').split('\n').slice(0, 4)).toEqual([
      'node    n1',
      'edge    drachtio-server at a port 9022, b port 9000',
      'store   Redis at redis://user:***@redis:6379, keys lamp:*',
      'http    127.0.0.1 port 8080, 1 token(s)',
    ]);
    expect(out.join()).not.toMatch(/hidden|topsecret|cymru/);
  });

  test('gives one line and exit code 1 for what cannot be used', async () => {
    const { code, out, err } = await ran(['check'], { LAMPLIGHTER_SIP_PORT: '-1' });
    expect([code, out]).toEqual([1, []]);
    expect(err).toEqual([
      'Cannot use -1 for sip.port (LAMPLIGHTER_SIP_PORT): it must be a port from 0 to 65535',
    ]);
  });

  test('prints the table of keys', async () => {
    expect((await ran(['check', '--table'])).out[0]).toContain(
      '| `sip.wsPort` | `LAMPLIGHTER_SIP_WS_PORT` | `8060` |',
    );
  });
});

test('--help names every command', async () => {
  const { code, out } = await ran(['--help']);
  expect(code).toBe(0);
  for (const name of ['serve', 'set', 'get', 'watch', 'check'])
    expect(out[0]).toContain(`lamplighter ${name}`);
});
