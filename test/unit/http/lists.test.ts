import { describe, expect, test } from 'vitest';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';
import { harness } from './harness.ts';

const ALL = '/v1/realms/acme.example/lists';
const DESK = {
  id: 'Desk',
  name: 'Front desk',
  members: [{ id: '1001', name: 'J\u00f6rg' }, { id: 'park1' }],
};

/** The API over the real service of lists and an embedded store. */
function over(bench: NotifierBench, env: Record<string, string> = {}) {
  return harness(env, 15_000, bench.notifier.callflows, bench.notifier.lists);
}

describe('lists', () => {
  test('are created, listed and read; their id is folded as presence IDs are', async () => {
    await using bench = await startNotifier();
    const { call } = over(bench);
    const created = await call('POST', ALL, { body: DESK });
    expect(created.status).toBe(201);
    expect(created.json).toEqual({ ...DESK, id: 'desk', realm: 'acme.example', rev: 1 });
    expect((await call('GET', ALL)).json.lists).toEqual([created.json]);
    expect((await call('GET', `${ALL}/DESK`)).json).toEqual(created.json);
    expect((await call('POST', ALL, { body: DESK })).json).toMatchObject({ code: 'STALE_REV' });
  });

  test('are saved and deleted with the rev they were read at; a stale one is 409', async () => {
    await using bench = await startNotifier();
    const { call } = over(bench);
    await call('POST', ALL, { body: DESK });
    const change = { name: '', members: [{ id: '1002' }], rev: 1 };
    const saved = await call('PUT', `${ALL}/desk`, { body: change });
    expect(saved).toMatchObject({ status: 200, json: { name: 'desk', members: [{ id: '1002' }], rev: 2 } });
    const stale = await call('PUT', `${ALL}/desk`, { body: { ...change, members: [] } });
    expect(stale).toMatchObject({ status: 409, json: { code: 'STALE_REV' } });
    expect((await call('DELETE', `${ALL}/desk?rev=1`)).json).toMatchObject({ code: 'STALE_REV' });
    expect((await call('DELETE', `${ALL}/desk?rev=2`)).status).toBe(204);
    for (const [method, body] of [['GET'], ['PUT', change]] as const) {
      const gone = await call(method, `${ALL}/desk`, body === undefined ? {} : { body });
      expect(gone).toMatchObject({ status: 404, json: { code: 'LIST_UNKNOWN' } });
    }
  });

  test.each([
    ['a member that is no presence ID', [{ id: 'a@b@c' }], 'a@b@c'],
    ['a member of a realm that is not granted', [{ id: '1001@other.example' }], 'not granted'],
    ['a member twice', [{ id: '1001' }, { id: '1001@ACME.example' }], 'twice'],
    ['itself as a member', [{ id: 'desk' }], 'is a list'],
    ['a list as a member (RFC 4662 \u00a77.4)', [{ id: 'night' }], 'is a list'],
  ])('with %s are 422', async (_, members, words) => {
    await using bench = await startNotifier();
    const { call } = over(bench);
    await call('POST', ALL, { body: { id: 'night', members: [{ id: '1009' }] } });
    const refused = await call('POST', ALL, { body: { ...DESK, members } });
    expect(refused).toMatchObject({ status: 422, json: { code: 'LIST_IMPOSSIBLE' } });
    expect(refused.json.detail).toContain(words);
    expect((await call('GET', ALL)).json.lists).toHaveLength(1);
  });

  test('cannot be made of what is a member of another list (RFC 4662 \u00a77.4)', async () => {
    await using bench = await startNotifier();
    const { call } = over(bench);
    await call('POST', ALL, { body: DESK });
    const refused = await call('POST', ALL, { body: { id: 'park1', members: [] } });
    expect(refused.json).toMatchObject({ code: 'LIST_IMPOSSIBLE' });
  });

  test('have a most of members', async () => {
    await using bench = await startNotifier();
    const members = Array.from({ length: 501 }, (_, index) => ({ id: `${index}` }));
    const refused = await over(bench).call('POST', ALL, { body: { ...DESK, members } });
    expect(refused.json).toMatchObject({
      code: 'LIST_IMPOSSIBLE',
      detail: 'A list can have 500 members at most',
    });
  });

  test('of the configuration come first and are not for the API to change', async () => {
    const fixed = [{ realm: 'acme.example', id: 'all', name: 'all', members: [{ id: '1001' }], rev: 0 }];
    const lists = {
      batchMs: 0,
      udpOctets: 1300,
      streamOctets: 1300,
      mostOctets: 1300,
      mostMembers: 9,
      fixed,
    };
    await using bench = await startNotifier({ lists });
    const { call } = over(bench);
    await call('POST', ALL, { body: { id: 'a', members: [] } });
    expect((await call('GET', ALL)).json.lists).toMatchObject([fixed[0], { id: 'a' }]);
    for (const [method, path, body] of [
      ['POST', ALL, { id: 'ALL', members: [] }],
      ['PUT', `${ALL}/all`, { members: [], rev: 1 }],
      ['DELETE', `${ALL}/all?rev=1`, undefined],
    ] as const) {
      const refused = await call(method, path, { body });
      expect(refused).toMatchObject({ status: 409, json: { code: 'LIST_FIXED' } });
    }
  });

  test('are for tokens of their realm, to write with access "write" only', async () => {
    await using bench = await startNotifier();
    const { call } = over(bench, { LAMPLIGHTER_HTTP_TOKENS: 'reader=read:acme.example;other=write:default' });
    expect((await call('GET', ALL, { token: 'reader' })).status).toBe(200);
    expect((await call('POST', ALL, { token: 'reader', body: DESK })).json.code).toBe('WRITE_FORBIDDEN');
    expect((await call('GET', ALL, { token: 'other' })).json.code).toBe('REALM_FORBIDDEN');
  });
});
