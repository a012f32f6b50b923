import { describe, expect, test } from 'vitest';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';
import { harness } from './harness.ts';

const ALL = '/v1/realms/acme.example/callflows';
const NIGHT_SWITCH = {
  name: 'Night switch',
  numbers: ['*30'],
  flow: { module: 'manual_presence', data: { presence_id: 'night', status: 'toggle' }, children: {} },
};

/** The API over the real callflow service and an embedded store. */
function over(bench: NotifierBench, env: Record<string, string> = {}) {
  return harness(env, 15_000, bench.notifier.callflows);
}

describe('callflows', () => {
  test('are created, listed and read with what their check says', async () => {
    await using bench = await startNotifier();
    const { call } = over(bench);
    const created = await call('POST', ALL, { body: NIGHT_SWITCH });
    expect(created.status).toBe(201);
    expect(created.json.callflow).toMatchObject({ ...NIGHT_SWITCH, realm: 'acme.example', rev: 1 });
    const { id } = created.json.callflow;
    const list = await call('GET', ALL);
    expect(list.json.callflows).toMatchObject([{ id, name: 'Night switch', numbers: ['*30'], rev: 1 }]);
    expect((await call('GET', `${ALL}/${id}`)).json.callflow).toEqual(created.json.callflow);
  });

  test('are saved with the rev they were read at; a stale save is 409 and loses nothing', async () => {
    await using bench = await startNotifier();
    const { call } = over(bench);
    const { callflow } = (await call('POST', ALL, { body: NIGHT_SWITCH })).json;
    const mine = await call('PUT', `${ALL}/${callflow.id}`, { body: { ...callflow, name: 'Mine' } });
    expect(mine.json.callflow).toMatchObject({ name: 'Mine', rev: 2 });
    const stale = await call('PUT', `${ALL}/${callflow.id}`, { body: { ...callflow, name: 'Theirs' } });
    expect(stale).toMatchObject({ status: 409, json: { code: 'STALE_REV', rev: 2 } });
    expect((await call('GET', `${ALL}/${callflow.id}`)).json.callflow.name).toBe('Mine');
  });

  test('that are impossible are 422 with the place named, and are not stored', async () => {
    await using bench = await startNotifier();
    const { call } = over(bench);
    const flow = { module: 'manual_presence', data: { presence_id: 'a@b@c' }, children: {} };
    const refused = await call('POST', ALL, { body: { ...NIGHT_SWITCH, flow } });
    expect(refused).toMatchObject({ status: 422, json: { code: 'CALLFLOW_IMPOSSIBLE' } });
    expect(refused.json.problems[0]).toMatchObject({ severity: 'error', path: [] });
    expect((await call('GET', ALL)).json.callflows).toEqual([]);
  });

  test('are deleted at the rev given only', async () => {
    await using bench = await startNotifier();
    const { call } = over(bench);
    const { callflow } = (await call('POST', ALL, { body: NIGHT_SWITCH })).json;
    expect((await call('DELETE', `${ALL}/${callflow.id}?rev=7`)).json).toMatchObject({ code: 'STALE_REV' });
    expect((await call('DELETE', `${ALL}/${callflow.id}?rev=1`)).status).toBe(204);
    expect((await call('GET', `${ALL}/${callflow.id}`)).json).toMatchObject({ code: 'CALLFLOW_UNKNOWN' });
  });

  test('run by request: the answer has the path taken and the lamps moved, and the run is kept', async () => {
    await using bench = await startNotifier();
    const { call } = over(bench);
    const { callflow } = (await call('POST', ALL, { body: NIGHT_SWITCH })).json;
    const { json } = await call('POST', `${ALL}/${callflow.id}/run`, { body: {} });
    expect(json.lamps).toEqual([{ id: 'night', realm: 'acme.example', status: 'busy' }]);
    expect(json.run).toMatchObject({ trigger: 'api', steps: [{ module: 'manual_presence', path: [] }] });
    await bench.pass(10);
    expect((await call('GET', `${ALL}/${callflow.id}/runs`)).json.runs).toMatchObject([{ id: json.run.id }]);
  });

  test('are refused beyond a megabyte with 413, other bodies beyond 64 KiB', async () => {
    await using bench = await startNotifier();
    const { call } = over(bench);
    const large = JSON.stringify({ ...NIGHT_SWITCH, notes: 'x'.repeat(1_100_000) });
    expect((await call('POST', ALL, { body: large })).status).toBe(413);
  });

  test('take a catastrophic pattern, which runs in linear time', async () => {
    await using bench = await startNotifier();
    const { call } = over(bench);
    const { json } = await call('POST', ALL, { body: { ...NIGHT_SWITCH, patterns: ['^(a+)+$'] } });
    const started = performance.now();
    await call('POST', `${ALL}/${json.callflow.id}/run`, { body: { number: `${'a'.repeat(60)}!` } });
    // A backtracking engine would need 2^60 steps.
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('let no key of a document change an object’s prototype', async () => {
    await using bench = await startNotifier();
    const { call } = over(bench);
    const { json } = await call('POST', ALL, { body: '{"name":"x","__proto__":{"polluted":1}}' });
    expect(json.callflow.polluted).toBeUndefined();
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('actions', () => {
  test('are listed with Manual Presence in the group Advanced', async () => {
    await using bench = await startNotifier();
    const { json } = await over(bench).call('GET', '/v1/realms/acme.example/actions');
    expect(json.actions).toContainEqual(
      expect.objectContaining({ module: 'manual_presence', group: 'Advanced' }),
    );
  });

  test('run one by one for an engine that owns the call; one that is not known is 404', async () => {
    await using bench = await startNotifier();
    const { call } = over(bench);
    const path = '/v1/realms/acme.example/actions';
    const done = await call('POST', `${path}/set_variable`, { body: { variable: 'a', value: 'b' } });
    expect(done).toMatchObject({ status: 200, json: { run: { trigger: 'action' } } });
    expect((await call('POST', `${path}/magic`, { body: {} })).json).toMatchObject({
      code: 'ACTION_UNKNOWN',
    });
  });
});

describe('the examples', () => {
  test('can each be created as they are: night switch, open hours, reception busy', async () => {
    await using bench = await startNotifier();
    const { call } = over(bench);
    const { examples } = (await call('GET', '/v1/examples')).json;
    expect(examples.map(({ name }: { name: string }) => name).sort()).toEqual([
      'Night switch',
      'Open hours',
      'Reception busy',
    ]);
    for (const body of examples) {
      const { status, json } = await call('POST', ALL, { body });
      expect([status, json.problems]).toEqual([201, []]);
    }
  });
});

describe('seats', () => {
  test('are created, saved at their rev, listed by name and deleted', async () => {
    await using bench = await startNotifier();
    const { call } = over(bench);
    const path = '/v1/realms/acme.example/seats';
    const boss = { name: 'Boss', extension: '1001', presenceId: '1001' };
    const { json: seat } = await call('POST', path, { body: boss });
    expect(seat).toMatchObject({ ...boss, rev: 1 });
    const { id, ...facts } = seat;
    const saved = await call('PUT', `${path}/${id}`, { body: { ...facts, name: 'Chief' } });
    expect(saved.json).toMatchObject({ name: 'Chief', rev: 2 });
    expect((await call('PUT', `${path}/${id}`, { body: facts })).json).toMatchObject({ code: 'STALE_REV' });
    expect((await call('GET', path)).json.seats).toMatchObject([{ name: 'Chief' }]);
    expect((await call('DELETE', `${path}/${id}`)).status).toBe(204);
    expect((await call('GET', path)).json.seats).toEqual([]);
  });
});

describe('/v1/session', () => {
  test('says what the token allows and where SIP over WebSocket is', async () => {
    await using bench = await startNotifier();
    const env = { LAMPLIGHTER_HTTP_TOKENS: 'abc=read:acme.example' };
    const { call } = over(bench, env);
    expect((await call('GET', '/v1/session')).status).toBe(401);
    expect((await call('GET', '/v1/session', { token: 'abc' })).json).toEqual({
      realms: ['acme.example'],
      access: 'read',
      sip: { wsPort: 8060, wssPort: 8061, digest: false },
    });
  });
});
