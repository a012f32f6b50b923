import { describe, expect, test } from 'vitest';
import { storeAway } from './fake-service.ts';
import { harness } from './harness.ts';

const ID = '/v1/realms/default/presence/1001';

describe('PUT presence/{id}', () => {
  test('sets a status and says rev, change and watchers', async () => {
    const { call } = harness();
    const { status, json } = await call('PUT', ID, {
      body: { status: 'busy', note: 'lunch', expiresIn: 60 },
    });
    expect(status).toBe(200);
    expect(json).toEqual({
      id: '1001',
      realm: 'default',
      rev: 1,
      changed: true,
      lamp: { status: 'busy', note: 'lunch' },
      watchers: 0,
      watchedInstead: [],
    });
    expect((await call('GET', ID)).json.manual).toEqual({
      status: 'busy',
      note: 'lunch',
      expiresAt: '2026-11-22T12:01:00.000Z',
    });
  });

  test('says when nothing changed', async () => {
    const { call } = harness();
    await call('PUT', ID, { body: { status: 'busy' } });
    const { json } = await call('PUT', ID, { body: { status: 'busy' } });
    expect(json).toMatchObject({ rev: 1, changed: false });
  });

  test('warns when the ID is watched in another realm only', async () => {
    const { call, service } = harness();
    service.watchedInstead = ['acme.example'];
    const { json } = await call('PUT', ID, { body: { status: 'busy' } });
    expect(json.watchedInstead).toEqual(['acme.example']);
    expect(json.warning).toBe(
      'Nobody watches 1001 in realm "default", but it is watched in "acme.example": was that the realm you meant?',
    );
  });

  test('decodes escapes of the path once: %2330 is #30, %252330 is %2330', async () => {
    const { call } = harness();
    const put = async (id: string) =>
      (await call('PUT', `/v1/realms/default/presence/${id}`, { body: { status: 'busy' } })).json.id;
    expect(await put('%2330')).toBe('#30');
    expect(await put('%252330')).toBe('%2330');
    expect(await put('*97')).toBe('*97');
    expect(await put('Zo%C3%AB%2Fdesk')).toBe('zoë/desk');
  });

  test('takes user@realm with an alias, in canonical form', async () => {
    const { call } = harness();
    const path = '/v1/realms/default/presence/Night%40SIP.acme.example';
    expect((await call('PUT', path, { body: { status: 'busy' } })).json).toMatchObject({
      id: 'night',
      realm: 'acme.example',
    });
  });

  test.each([
    ['a status that does not exist', { status: 'away' }, 422, 'BODY_INVALID'],
    ['no status', {}, 422, 'BODY_INVALID'],
    ['a key that does not exist', { status: 'busy', colour: 'red' }, 422, 'BODY_INVALID'],
    ['a note that no XML document can hold', { status: 'busy', note: 'a\u0000b' }, 422, 'BODY_INVALID'],
    ['half a character in a note', { status: 'busy', note: '\ud83d' }, 422, 'BODY_INVALID'],
    ['an expiry of nothing', { status: 'busy', expiresIn: 0 }, 422, 'BODY_INVALID'],
    ['what is not JSON', '{"status":', 400, 'BODY_MALFORMED'],
    ['a body that is too large', { status: 'busy', note: 'x'.repeat(70_000) }, 413, 'BODY_TOO_LARGE'],
  ])('refuses %s', async (_, body, status, code) => {
    const { call, service } = harness();
    const answer = await call('PUT', ID, { body });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.json).toMatchObject({ status, code });
    expect(service.boards.size).toBe(0);
  });

  test('says which value is wrong (RFC 9457 §3.2)', async () => {
    const { call } = harness();
    const { json } = await call('PUT', ID, { body: { status: 'away' } });
    expect(json.type).toBe('urn:lamplighter:problem:body-invalid');
    expect(json.errors[0].at).toBe('status');
    expect(json.detail).toMatch(/^status: .*"idle"\|"ringing"\|"busy"/);
  });

  test('refuses a body that is not JSON by its type with 415', async () => {
    const { call } = harness();
    const text = { body: '{"status":"busy"}', headers: { 'content-type': 'text/plain' } };
    expect((await call('PUT', ID, text)).json).toMatchObject({ status: 415, code: 'MEDIA_TYPE_UNSUPPORTED' });
  });

  test('refuses an ID that cannot be one with 400', async () => {
    const { call } = harness();
    for (const id of ['a%40b%40c', '%00', 'x'.repeat(129), '%40default']) {
      const answer = await call('PUT', `/v1/realms/default/presence/${id}`, { body: { status: 'busy' } });
      expect(answer.json).toMatchObject({ status: 400, code: 'PRESENCE_ID_INVALID' });
    }
  });

  test('answers 503 with Retry-After of 1 to 5 s while the store is away', async () => {
    const { call, service } = harness();
    service.fault = storeAway;
    const answer = await call('PUT', ID, { body: { status: 'busy' } });
    expect(answer.json).toMatchObject({ status: 503, code: 'STORE_AWAY' });
    expect(answer.headers.get('retry-after')).toMatch(/^[1-5]$/);
  });
});

describe('GET and DELETE presence/{id}', () => {
  test('an ID that was never set is idle', async () => {
    const { call } = harness();
    expect((await call('GET', ID)).json).toEqual({
      id: '1001',
      realm: 'default',
      rev: 0,
      changedAt: null,
      changedBy: null,
      lamp: { status: 'idle' },
      manual: null,
      legs: [],
      mail: null,
      publications: [],
    });
  });

  test('DELETE takes the manual status away', async () => {
    const { call } = harness();
    await call('PUT', ID, { body: { status: 'busy' } });
    expect((await call('DELETE', ID)).json).toMatchObject({
      rev: 2,
      changed: true,
      lamp: { status: 'idle' },
    });
    expect((await call('DELETE', ID)).json).toMatchObject({ rev: 2, changed: false });
  });
});

describe('GET presence', () => {
  test('gives pages, each with the path of the next', async () => {
    const { call } = harness();
    for (const id of ['b&c', 'a', 'd']) {
      await call('PUT', `/v1/realms/sip.acme.example/presence/${encodeURIComponent(id)}`, {
        body: { status: 'busy' },
      });
    }
    const first = (await call('GET', '/v1/realms/sip.acme.example/presence?limit=2')).json;
    expect(first.items.map((item: { id: string }) => item.id)).toEqual(['a', 'b&c']);
    const second = (await call('GET', first.next)).json;
    expect(second.items.map((item: { id: string }) => item.id)).toEqual(['d']);
    expect(second.next).toBeNull();
  });

  test('names an ID that is only watched: idle, and never changed', async () => {
    const { call, service } = harness();
    service.watched = ['night'];
    const { json } = await call('GET', '/v1/realms/default/presence');
    expect(json.items).toMatchObject([{ id: 'night', rev: 0, changedAt: null, lamp: { status: 'idle' } }]);
  });

  test.each(['limit=0', 'limit=1001', 'limit=x', 'after='])('refuses %s with 400', async (query) => {
    const { call } = harness();
    const { json } = await call('GET', `/v1/realms/default/presence?${query}`);
    expect(json).toMatchObject({ status: 400, code: 'PARAMETER_INVALID' });
  });
});

describe('paths and methods', () => {
  test('an unknown realm is 404', async () => {
    const { call } = harness();
    const { json } = await call('GET', '/v1/realms/nowhere.example/presence');
    expect(json).toMatchObject({ status: 404, code: 'REALM_UNKNOWN' });
  });

  test('an unknown path is 404', async () => {
    const { call } = harness();
    expect((await call('GET', '/v2')).json).toMatchObject({ status: 404, code: 'PATH_UNKNOWN' });
  });

  test('another method is 405 with Allow (RFC 9110 §15.5.6)', async () => {
    const { call } = harness();
    const answer = await call('PATCH', ID, { body: {} });
    expect(answer.json).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
    expect(answer.headers.get('allow')).toBe('PUT, DELETE, GET, HEAD');
    expect((await call('GET', `${ID}/legs`)).headers.get('allow')).toBe('POST, DELETE');
  });
});
