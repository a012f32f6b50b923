import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type CredentialsOptions, createCredentials } from '../../../src/credentials/credentials.ts';
import { memoryCredentials } from '../../support/memory-credentials.ts';

const MD5 = 'a'.repeat(32);
const SHA256 = 'b'.repeat(64);
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A hook that answers what a test says, and what it was asked. */
async function hook(answer: () => { status?: number; body?: string; after?: number }) {
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => {
      text += piece;
    });
    request.on('end', () => {
      asked.push(JSON.parse(text));
      const { status = 200, body = '', after = 0 } = answer();
      setTimeout(() => response.writeHead(status).end(body), after).unref();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ha1` };
}

function made(auth: Partial<CredentialsOptions['auth']> = {}) {
  const stored = memoryCredentials();
  const lines: string[] = [];
  const credentials = createCredentials({
    auth: { users: {}, hook: '', hookTimeoutMs: 30_000, hookCacheSeconds: 0, hookUnknownSeconds: 0, ...auth },
    stored,
    clock: { now: () => 0 },
    log: { warn: (_, message) => lines.push(message), info: (message) => lines.push(message) },
  });
  return { stored, lines, credentials };
}

describe('passwords are looked up', () => {
  test('in the configuration, then in the store, then by the hook', async () => {
    const { url, asked } = await hook(() => ({ body: JSON.stringify({ md5: MD5 }) }));
    const { stored, credentials } = made({
      hook: url,
      users: { a: { '1': { sha256: SHA256.toUpperCase() } } },
    });
    await stored.put('a', '1', { md5: MD5, sha256: null });
    await stored.put('a', '2', { md5: MD5, sha256: SHA256 });
    expect(await credentials.find('a', '1')).toEqual({ md5: null, sha256: SHA256 });
    expect(await credentials.find('a', '2')).toEqual({ md5: MD5, sha256: SHA256 });
    expect(asked).toEqual([]);
    expect(await credentials.find('a', '3')).toEqual({ md5: MD5, sha256: null });
    expect(asked).toEqual([{ realm: 'a', user: '3' }]);
    expect(await made().credentials.find('a', '3')).toBeNull();
  });

  test('in the store each time, and from memory while that is away', async () => {
    const { stored, credentials } = made();
    await stored.put('a', '1', { md5: MD5, sha256: null });
    await credentials.find('a', '1');
    await stored.put('a', '1', { md5: null, sha256: SHA256 });
    expect(await credentials.find('a', '1')).toEqual({ md5: null, sha256: SHA256 });
    stored.find = () => Promise.reject(new Error('away'));
    expect(await credentials.find('a', '1')).toEqual({ md5: null, sha256: SHA256 });
    await expect(credentials.find('a', '2')).rejects.toThrow('away');
  });

  test('by a hook that says 404 for a user that is not known', async () => {
    const { url } = await hook(() => ({ status: 404 }));
    expect(await made({ hook: url }).credentials.find('a', '1')).toBeNull();
  });

  test.each([
    ['another status', { status: 500, body: '{}' }, {}],
    ['no JSON', { body: '<html>' }, {}],
    ['a password', { body: '{"md5":"secret"}' }, {}],
    ['nothing in time', { after: 60_000 }, { hookTimeoutMs: 200 }],
    ['a book', { body: JSON.stringify({ md5: MD5, note: 'x'.repeat(5000) }) }, {}],
  ])('a hook that gives %s is a fault, logged once', async (_, answer, options) => {
    const { url } = await hook(() => answer);
    const { credentials, lines } = made({ hook: url, ...options });
    for (let time = 0; time < 2; time += 1) {
      await expect(credentials.find('a', '1')).rejects.toMatchObject({ code: 'CREDENTIALS_AWAY' });
    }
    expect(lines).toEqual(['auth.hook cannot be asked for a user']);
  });
});
