import { describe, expect, test } from 'vitest';
import { hashedPassword } from '../../support/digest-phone.ts';
import { type Harness, harness } from './harness.ts';

const USER = '/v1/realms/acme.example/users/1001';
const ANSWER = { realm: 'acme.example', user: '1001', algorithms: ['SHA-256', 'MD5'] };

function kept({ users }: Harness, user = '1001', realm = 'acme.example') {
  return users.find(realm, user);
}

describe('PUT users/{user}', () => {
  test('RFC 7616 §3.4.2: of a password only the HA1s are kept, and nothing of it is shown', async () => {
    const made = harness();
    const { status, json } = await made.call('PUT', USER, { body: { password: 'sehr geheim' } });
    expect([status, json]).toEqual([200, ANSWER]);
    expect(await kept(made)).toEqual(hashedPassword('1001', 'acme.example', 'sehr geheim'));
    expect((await made.call('GET', USER)).json).toEqual(ANSWER);
  });

  test('hashes a password of other letters as UTF-8 (RFC 7616 §4)', async () => {
    const made = harness();
    await made.call('PUT', USER, { body: { password: 'größe' } });
    const octets = Buffer.from('größe').toString('latin1');
    expect(await kept(made)).toEqual(hashedPassword('1001', 'acme.example', octets));
  });

  test('an alias of a realm means the realm: the HA1 is for its name', async () => {
    const made = harness();
    const path = USER.replace('acme', 'sip.acme');
    expect((await made.call('PUT', path, { body: { password: 'x' } })).json).toEqual(ANSWER);
    expect(await kept(made)).toEqual(hashedPassword('1001', 'acme.example', 'x'));
  });

  test('takes HA1s, or one of them, in letters of any case', async () => {
    const made = harness();
    const sha256 = 'AB'.repeat(32);
    const { json } = await made.call('PUT', USER, { body: { sha256 } });
    expect(json).toEqual({ ...ANSWER, algorithms: ['SHA-256'] });
    expect(await kept(made)).toEqual({ sha256: sha256.toLowerCase(), md5: null });
    const md5 = '0f'.repeat(16);
    expect((await made.call('PUT', USER, { body: { md5 } })).json.algorithms).toEqual(['MD5']);
    expect(await kept(made)).toEqual({ sha256: null, md5 });
  });

  test.each([
    ['nothing', {}],
    ['both a password and an HA1', { password: 'x', md5: '0f'.repeat(16) }],
    ['an empty password', { password: '' }],
    ['an HA1 that is too short', { md5: '0f' }],
    ['an HA1 in another field', { sha256: '0f'.repeat(16) }],
    ['a member that is unknown', { password: 'x', realm: 'default' }],
  ])('refuses %s, and says nothing of what was given', async (_, body) => {
    const made = harness();
    const { status, json } = await made.call('PUT', USER, { body });
    expect([status, json.code]).toEqual([422, 'BODY_INVALID']);
    expect(JSON.stringify(json)).not.toContain('0f0f');
    expect(await kept(made)).toBeNull();
  });

  test.each(['a%0Ab', 'a:b', 'x'.repeat(129)])(
    'refuses the name %s: no digest could be made of it',
    async (name) => {
      const { call } = harness();
      const path = USER.replace('1001', name);
      expect((await call('PUT', path, { body: { password: 'x' } })).json.code).toBe('USER_INVALID');
    },
  );
});

describe('GET and DELETE users/{user}', () => {
  test('know what was put, and nothing else', async () => {
    const { call } = harness();
    expect((await call('GET', USER)).json.code).toBe('USER_UNKNOWN');
    expect((await call('DELETE', USER)).json.code).toBe('USER_UNKNOWN');
    await call('PUT', USER, { body: { password: 'x' } });
    expect((await call('GET', USER.replace('acme.example', 'default'))).status).toBe(404);
    expect((await call('DELETE', USER)).status).toBe(204);
    expect((await call('GET', USER)).status).toBe(404);
  });
});

test('a token sets passwords in its own realms only, and one that reads sets none', async () => {
  const made = harness({
    LAMPLIGHTER_HTTP_TOKENS: 'acme=write:acme.example;other=write:default;look=read:acme.example',
  });
  const put = (token: string) => made.call('PUT', USER, { token, body: { password: 'x' } });
  for (const [token, code] of [
    ['other', 'REALM_FORBIDDEN'],
    ['look', 'WRITE_FORBIDDEN'],
  ] as const) {
    const { status, json } = await put(token);
    expect([status, json.code]).toEqual([403, code]);
    expect((await made.call('DELETE', USER, { token })).status).toBe(403);
  }
  expect((await made.call('GET', USER, { token: 'other' })).status).toBe(403);
  expect(await kept(made)).toBeNull();
  expect((await put('acme')).status).toBe(200);
});
