import { describe, expect, test } from 'vitest';
import { harness } from './harness.ts';

const TOKENS = {
  LAMPLIGHTER_HTTP_TOKENS: 'all-write=write:*;acme-write=write:sip.acme.example;acme-read=read:acme.example',
};
const ACME = '/v1/realms/acme.example/presence/1001';
const DEFAULT = '/v1/realms/default/presence/1001';
const BUSY = { status: 'busy' };

describe('bearer tokens (RFC 6750)', () => {
  test('without one the answer is 401 with WWW-Authenticate', async () => {
    const { call } = harness(TOKENS);
    const answer = await call('GET', ACME);
    expect(answer.json).toMatchObject({ status: 401, code: 'TOKEN_MISSING' });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="lamplighter"');
  });

  test('an unknown one, a part of one and another scheme are 401', async () => {
    const { call } = harness(TOKENS);
    expect((await call('GET', ACME, { token: 'all-writ' })).json.code).toBe('TOKEN_UNKNOWN');
    expect((await call('GET', ACME, { token: 'all-write2' })).json.code).toBe('TOKEN_UNKNOWN');
    const basic = { headers: { authorization: 'Basic all-write' } };
    expect((await call('GET', ACME, basic)).json.code).toBe('TOKEN_MISSING');
  });

  test('a token has its realms under every name, and no others', async () => {
    const { call } = harness(TOKENS);
    const token = 'acme-write';
    expect((await call('PUT', ACME, { token, body: BUSY })).status).toBe(200);
    expect((await call('PUT', ACME.replace('acme', 'sip.acme'), { token, body: BUSY })).status).toBe(200);
    expect((await call('PUT', DEFAULT, { token, body: BUSY })).json.code).toBe('REALM_FORBIDDEN');
  });

  test('a token hears the same of a foreign realm and of one that does not exist', async () => {
    const { call } = harness(TOKENS);
    const nowhere = '/v1/realms/nowhere.example/presence/1001';
    expect((await call('GET', nowhere, { token: 'acme-read' })).json.code).toBe('REALM_FORBIDDEN');
    expect((await call('GET', nowhere, { token: 'all-write' })).json.code).toBe('REALM_UNKNOWN');
  });

  test('a token with read access reads and does not write', async () => {
    const { call, service } = harness(TOKENS);
    const token = 'acme-read';
    expect((await call('GET', ACME, { token })).status).toBe(200);
    expect((await call('PUT', ACME, { token, body: BUSY })).json.code).toBe('WRITE_FORBIDDEN');
    expect((await call('DELETE', ACME, { token })).json.code).toBe('WRITE_FORBIDDEN');
    expect(service.boards.size).toBe(0);
  });

  test('user@realm is refused when the token does not have that realm', async () => {
    const { call } = harness(TOKENS);
    const token = 'acme-write';
    const path = '/v1/realms/acme.example/presence/1001%40default';
    expect((await call('PUT', path, { token, body: BUSY })).json.code).toBe('REALM_FORBIDDEN');
    const action = { token, body: { presence_id: '1001@default', status: 'busy' } };
    const answer = await call('POST', '/v1/realms/acme.example/actions/manual_presence', action);
    expect(answer.json.code).toBe('REALM_FORBIDDEN');
  });

  test('the warning names no realm that the token does not have', async () => {
    const { call, service } = harness(TOKENS);
    service.watchedInstead = ['default'];
    const { json } = await call('PUT', ACME, { token: 'acme-write', body: BUSY });
    expect(json.watchedInstead).toEqual([]);
    expect(json.warning).toBeUndefined();
  });

  test('/metrics needs a token, /healthz and /readyz do not', async () => {
    const { call } = harness(TOKENS);
    expect((await call('GET', '/metrics')).status).toBe(401);
    expect((await call('GET', '/metrics', { token: 'acme-read' })).status).toBe(200);
    expect((await call('GET', '/healthz')).status).toBe(200);
    expect((await call('GET', '/readyz')).status).toBe(200);
  });

  test('with tokens any Host is served', async () => {
    const { call } = harness(TOKENS);
    const remote = { token: 'all-write', headers: { host: 'lamps.example' } };
    expect((await call('GET', ACME, remote)).status).toBe(200);
  });
});

describe('without tokens', () => {
  test.each(['localhost', 'LOCALHOST:8080', '127.0.0.1:1', '127.9.9.9', '[::1]:8080'])(
    'Host %s is served',
    async (host) => {
      const { call } = harness();
      expect((await call('PUT', DEFAULT, { body: BUSY, headers: { host } })).status).toBe(200);
    },
  );

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:8080', '10.0.0.1', ''])(
    'Host "%s" is refused: its name may have been made to resolve here (DNS rebinding)',
    async (host) => {
      const { call } = harness();
      expect((await call('GET', DEFAULT, { headers: { host } })).json.code).toBe('HOST_FORBIDDEN');
      expect((await call('GET', '/metrics', { headers: { host } })).json.code).toBe('HOST_FORBIDDEN');
    },
  );

  test.each(['https://evil.example', 'null', 'http://127.0.0.1:9999'])(
    'a write with Origin %s is refused',
    async (origin) => {
      const { call, service } = harness();
      expect((await call('DELETE', DEFAULT, { headers: { origin } })).json.code).toBe('ORIGIN_FORBIDDEN');
      expect((await call('PUT', DEFAULT, { body: BUSY, headers: { origin } })).json.code).toBe(
        'ORIGIN_FORBIDDEN',
      );
      expect(service.boards.size).toBe(0);
    },
  );

  test('a write of our own page is served', async () => {
    const { call } = harness();
    const own = { body: BUSY, headers: { origin: 'http://127.0.0.1:8080' } };
    expect((await call('PUT', DEFAULT, own)).status).toBe(200);
  });
});
