import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Config, configTable, loadConfig, parseConfig } from '../../../src/config.ts';
import { isFault } from '../../../src/errors.ts';

const defaults: unknown = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../config/default.json'), 'utf8'),
);

function withEnv(env: Readonly<Record<string, string>>): Config {
  return parseConfig(defaults, {}, env);
}

/** The one line that a configuration is refused with. */
function refusal(file: unknown, env: Readonly<Record<string, string>> = {}): string {
  try {
    parseConfig(defaults, file, env);
  } catch (error) {
    expect(isFault(error, 'CONFIG_INVALID')).toBe(true);
    return (error as Error).message;
  }
  throw new Error('the configuration was taken');
}

describe('the defaults', () => {
  test('are those that are promised: SIP 5060, WebSocket 8060, HTTP 127.0.0.1:8080, embedded edge and store', () => {
    const { sip, http, redis, drachtio } = withEnv({});
    expect([sip.port, sip.wsPort, http.host, http.port]).toEqual([5060, 8060, '127.0.0.1', 8080]);
    expect([redis.url, drachtio.servers]).toEqual(['', []]);
  });

  test('have every key, and the schema has no other', () => {
    const leaves = configTable().map((row) => row.key);
    expect(configTable().every((row) => row.default !== undefined)).toBe(true);
    expect(leaves).toEqual([...new Set(leaves)]);
    expect(refusal({ sip: { prot: 1 } })).toContain('there is no such key');
  });
});

test('a certificate is enough of a listener, and without one the ports of TLS are not looked at', () => {
  const sip = { udp: false, tcp: false, ws: false, tlsCertificate: 'c', tlsKey: 'k' };
  expect(parseConfig(defaults, { sip }, {}).sip.tlsPort).toBe(5061);
  expect(parseConfig(defaults, { http: { port: 5061 } }, {}).http.port).toBe(5061);
});

describe('the environment', () => {
  test.each([
    ['LAMPLIGHTER_SIP_PORT', '5070', (config: Config) => config.sip.port, 5070],
    ['LAMPLIGHTER_SIP_WS_PORT', '0', (config: Config) => config.sip.wsPort, 0],
    ['LAMPLIGHTER_SIP_UDP', 'false', (config: Config) => config.sip.udp, false],
    ['LAMPLIGHTER_NODE_ID', 'n1', (config: Config) => config.nodeId, 'n1'],
    ['LAMPLIGHTER_NODE_ID', '7', (config: Config) => config.nodeId, '7'],
    ['LAMPLIGHTER_DATA_DIR', '/var/lib/lamp', (config: Config) => config.dataDir, '/var/lib/lamp'],
    ['LAMPLIGHTER_PACING_PER_SECOND', '2.5', (config: Config) => config.pacing.perSecond, 2.5],
    ['REDIS_URL', 'redis://h:1/2', (config: Config) => config.redis.url, 'redis://h:1/2'],
    [
      'REDIS_URL',
      'redis://a,b:7000,c?cluster',
      (config: Config) => config.redis.url,
      'redis://a,b:7000,c?cluster',
    ],
    ['LAMPLIGHTER_REDIS_URL', 'rediss://h', (config: Config) => config.redis.url, 'rediss://h'],
    ['DRACHTIO_SECRET', 's', (config: Config) => config.drachtio.secret, 's'],
  ])('%s=%s sets its key', (name, value, read, wanted) => {
    expect(read(withEnv({ [name]: value }))).toBe(wanted);
  });

  test('lists are written with commas or as JSON', () => {
    const key = 'LAMPLIGHTER_SIP_TRUSTED_NETWORKS';
    const wanted = ['10.0.0.0/8', 'fd00::/8'];
    expect(withEnv({ [key]: '10.0.0.0/8, fd00::/8' }).sip.trustedNetworks).toEqual(wanted);
    expect(withEnv({ [key]: JSON.stringify(wanted) }).sip.trustedNetworks).toEqual(wanted);
  });

  test('origins are written with commas too', () => {
    const { sip } = withEnv({ LAMPLIGHTER_SIP_WS_ORIGINS: 'https://pbx.acme.example, http://10.0.0.5:3000' });
    expect(sip.wsOrigins).toEqual(['https://pbx.acme.example', 'http://10.0.0.5:3000']);
  });

  test.each(['pbx.acme.example', 'https://pbx.acme.example/page', 'ws://pbx.acme.example', 'null'])(
    'what no browser sends as Origin is refused: %s',
    (origin) => {
      expect(refusal({ sip: { wsOrigins: [origin] } })).toContain(
        'sip.wsOrigins (LAMPLIGHTER_SIP_WS_ORIGINS): it must be a list of origins such as https://lamps.acme.example, or *',
      );
    },
  );

  test('what phones need is written as JSON', () => {
    const profiles = [
      { userAgent: 'yealink', dialogs: 'all' },
      { userAgent: '', like: 'snom', pickup: 'sip:**{user}@{host}' },
    ];
    expect(withEnv({ LAMPLIGHTER_PROFILES: JSON.stringify(profiles) }).profiles).toEqual(profiles);
  });

  test('realms are written in short or as JSON, and are lower case afterwards', () => {
    const wanted = { 'acme.example': ['sip.acme.example', '10.1.1.1'], 'b.example': [] };
    const short = 'Acme.example=SIP.acme.example,10.1.1.1;b.example';
    expect(withEnv({ LAMPLIGHTER_REALMS: short }).realms).toEqual(wanted);
    expect(withEnv({ LAMPLIGHTER_REALMS: JSON.stringify(wanted) }).realms).toEqual(wanted);
  });

  test('tokens are written in short or as JSON; a token alone may write everywhere', () => {
    const short = 'abc==;r2=read:Acme.example,b.example';
    const wanted = [
      { token: 'abc==', realms: ['*'], access: 'write' },
      { token: 'r2', realms: ['acme.example', 'b.example'], access: 'read' },
    ];
    expect(withEnv({ LAMPLIGHTER_HTTP_TOKENS: short }).http.tokens).toEqual(wanted);
    expect(withEnv({ LAMPLIGHTER_HTTP_TOKENS: JSON.stringify(wanted) }).http.tokens).toEqual(wanted);
  });

  test('DRACHTIO_HOST alone chooses drachtio, and may name several servers', () => {
    expect(withEnv({ DRACHTIO_HOST: 'drachtio' }).drachtio.servers).toEqual([
      { host: 'drachtio', port: 9022 },
    ]);
    const several = withEnv({ DRACHTIO_HOST: 'a:9023, 10.0.0.2,[fd00::1]:9024', DRACHTIO_PORT: '9000' });
    expect(several.drachtio.servers).toEqual([
      { host: 'a', port: 9023 },
      { host: '10.0.0.2', port: 9000 },
      { host: 'fd00::1', port: 9024 },
    ]);
  });

  test('a variable that is empty counts as not set, as compose files pass them on', () => {
    expect(withEnv({ LAMPLIGHTER_SIP_PORT: '', REDIS_URL: '' }).sip.port).toBe(5060);
  });

  test('stands above the file, which stands above the defaults', () => {
    const file = { sip: { port: 1, wsPort: 2 }, realms: { 'acme.example': [] } };
    const { sip, realms } = parseConfig(defaults, file, { LAMPLIGHTER_SIP_PORT: '3' });
    expect([sip.port, sip.wsPort, sip.udp]).toEqual([3, 2, true]);
    expect(realms).toEqual({ 'acme.example': [] });
  });
});

describe('authentication in the environment', () => {
  test('its lists are written with commas or as JSON', () => {
    const { auth } = withEnv({
      LAMPLIGHTER_AUTH_MODE: 'digest',
      LAMPLIGHTER_AUTH_ALGORITHMS: 'MD5',
      LAMPLIGHTER_AUTH_TRUSTED_NETWORKS: '10.0.0.7/32, fd00::/8',
    });
    expect([auth.mode, auth.algorithms]).toEqual(['digest', ['MD5']]);
    expect(auth.trustedNetworks).toEqual(['10.0.0.7/32', 'fd00::/8']);
  });

  test('its tables are written as JSON, as `lamplighter ha1` prints them', () => {
    const users = { 'acme.example': { '1001': { sha256: 'ab'.repeat(32), md5: 'cd'.repeat(16) } } };
    const watch = { 'acme.example': [{ watchers: ['2*'], ids: ['100'], see: 'lamp' }] };
    const publish = { 'acme.example': [{ publishers: ['pbx'], ids: ['*'] }] };
    const { auth } = withEnv({
      LAMPLIGHTER_AUTH_USERS: JSON.stringify(users),
      LAMPLIGHTER_AUTH_WATCH: JSON.stringify(watch),
      LAMPLIGHTER_AUTH_PUBLISH: JSON.stringify(publish),
    });
    expect(auth).toMatchObject({ users, watch, publish });
  });

  test('a password in place of an HA1 is refused, and not shown', () => {
    const users = JSON.stringify({ 'acme.example': { '1001': { sha256: 'geheim' } } });
    const said = refusal({}, { LAMPLIGHTER_AUTH_USERS: users });
    expect(said).toContain('auth.users (LAMPLIGHTER_AUTH_USERS): it must be realms, each with its users');
    expect(said).not.toContain('geheim');
  });

  test.each(['LAMPLIGHTER_AUTH_NONCE_SECRET', 'LAMPLIGHTER_AUTH_HOOK'])(
    '%s is refused without being shown',
    (name) => {
      const said = refusal({}, { [name]: 'geheim' });
      expect(said).toContain(`(${name}): it must be`);
      expect(said).not.toContain('geheim');
    },
  );
});

describe('what is refused with one line', () => {
  test.each<[string, unknown, Record<string, string>, string]>([
    [
      'an unknown variable',
      {},
      { LAMPLIGHTER_SIP_PROT: '1' },
      'Cannot use LAMPLIGHTER_SIP_PROT: no key has this name, the nearest is LAMPLIGHTER_SIP_PORT',
    ],
    [
      'an unknown key',
      { http: { prot: 1 } },
      {},
      'Cannot use "prot" in http: there is no such key, it must be one of host, port, tokens',
    ],
    [
      'a number that is none',
      {},
      { LAMPLIGHTER_SIP_PORT: '5060x' },
      'Cannot use "5060x" for sip.port (LAMPLIGHTER_SIP_PORT): it must be a port from 0 to 65535',
    ],
    [
      'a port beyond the last',
      { sip: { port: 65_536 } },
      {},
      'Cannot use 65536 for sip.port (LAMPLIGHTER_SIP_PORT): it must be a port from 0 to 65535',
    ],
    [
      'a word that is not one of the words',
      {},
      { LAMPLIGHTER_SIP_UDP: 'maybe' },
      'Cannot use "maybe" for sip.udp (LAMPLIGHTER_SIP_UDP): it must be true or false',
    ],
    [
      'two names of one key that differ',
      {},
      { REDIS_URL: 'redis://a', LAMPLIGHTER_REDIS_URL: 'redis://b' },
      'Cannot use REDIS_URL and LAMPLIGHTER_REDIS_URL: they differ, only one must be set',
    ],
    [
      'expiries that contradict',
      {},
      { LAMPLIGHTER_SIP_MAX_EXPIRES_SECONDS: '600' },
      'Cannot use sip.minExpiresSeconds 60, sip.defaultExpiresSeconds 3600, sip.maxExpiresSeconds 600: they must not fall in this order',
    ],
    [
      'an API for everyone without tokens',
      {},
      { LAMPLIGHTER_HTTP_HOST: '0.0.0.0' },
      'Cannot use http.host "0.0.0.0" without http.tokens (LAMPLIGHTER_HTTP_TOKENS): others could change every lamp, set a token or use 127.0.0.1',
    ],
    [
      'an edge that hears nothing',
      { sip: { udp: false, tcp: false, ws: false } },
      {},
      'Cannot use sip.udp, sip.tcp and sip.ws all false: one of them must be true',
    ],
    [
      'a nonce that does not live until a refresh',
      { auth: { mode: 'digest', nonceLifetimeSeconds: 1800 } },
      {},
      'Cannot use auth.nonceLifetimeSeconds 1800 with sip.maxExpiresSeconds 3600: it must be more than half of that, 1800',
    ],
    ...(['users', 'watch', 'publish'] as const).map(
      (key): [string, unknown, Record<string, string>, string] => [
        `a realm that does not exist in auth.${key}`,
        {
          realms: { 'acme.example': ['sip.acme.example'] },
          auth: { [key]: { 'sip.acme.example': key === 'users' ? {} : [] } },
        },
        {},
        `Cannot use realm "sip.acme.example" in auth.${key}: realms has no such name, it must be one of acme.example`,
      ],
    ),
    [
      'a certificate without its key',
      { sip: { tlsCertificate: '/etc/lamp/cert.pem' } },
      {},
      'Cannot use only one of sip.tlsCertificate and sip.tlsKey: both must be set, or none',
    ],
    [
      'a TLS port that is taken by HTTP',
      { sip: { tlsCertificate: 'c', tlsKey: 'k' }, http: { port: 5061 } },
      {},
      'Cannot use sip.tlsPort and http.port both 5061: they must differ',
    ],
    [
      'connections that end before their phones refresh',
      { limits: { idleSeconds: 3600 } },
      {},
      'Cannot use limits.idleSeconds 3600 with sip.maxExpiresSeconds 3600: it must be more',
    ],
    [
      'several processes on one file',
      { workers: 2 },
      {},
      'Cannot use workers 2 with the embedded store: it must be 1, or redis.url must be set',
    ],
    [
      'several processes before drachtio-server',
      { workers: 2, redis: { url: 'redis://h:1' }, drachtio: { host: 'h' } },
      {},
      'Cannot use workers 2 with drachtio.host: it must be 1, for one process drives several drachtio-servers',
    ],
    [
      'more processes than can be',
      { workers: 257 },
      {},
      'Cannot use 257 for workers (LAMPLIGHTER_WORKERS): it must be a whole number from 1 to 256',
    ],
    [
      'one port twice',
      { http: { port: 8060 } },
      {},
      'Cannot use sip.wsPort and http.port both 8060: they must differ',
    ],
    [
      'an alias in two realms',
      {},
      { LAMPLIGHTER_REALMS: 'a.example=x.example;b.example=X.example' },
      'Cannot use "x.example" in realms: it is in "a.example" and in "b.example", only one may have it',
    ],
    [
      'an alias that is another realm',
      {},
      { LAMPLIGHTER_REALMS: 'a.example=b.example;b.example' },
      'Cannot use "b.example" in realms: it is in "b.example" and in "a.example", only one may have it',
    ],
    [
      'a token for a realm that does not exist',
      {},
      { LAMPLIGHTER_REALMS: 'a.example', LAMPLIGHTER_HTTP_TOKENS: 't=read:b.example' },
      'Cannot use realm "b.example" in http.tokens: realms has no such name, it must be one of a.example',
    ],
    [
      'a network that is none',
      {},
      { LAMPLIGHTER_SIP_TRUSTED_NETWORKS: '10.0.0.0/33' },
      'Cannot use ["10.0.0.0/33"] for sip.trustedNetworks (LAMPLIGHTER_SIP_TRUSTED_NETWORKS): it must be a list of networks such as 10.0.0.0/8 or fc00::/7',
    ],
    [
      'a phone profile with a field that there is not',
      { profiles: [{ userAgent: 'yealink', dialog: 'all' }] },
      {},
      'Cannot use [{"userAgent":"yealink","dialog":"all"}] for profiles (LAMPLIGHTER_PROFILES): it must be a list such as [{"userAgent": "yealink", "dialogs": "all"}] (see Phones in the README)',
    ],
    [
      'a file that is no table',
      [],
      {},
      'Cannot use the configuration: it must be a JSON object like in config/default.json',
    ],
  ])('%s', (_, file, env, message) => {
    expect(refusal(file, env)).toBe(message);
  });

  test('a secret is not repeated', () => {
    expect(refusal({}, { LAMPLIGHTER_HTTP_TOKENS: 'top secret=write:*' })).not.toContain('top secret');
    expect(refusal({}, { REDIS_URL: 'postgres://u:hidden@h' })).not.toContain('hidden');
  });
});

describe('the file of LAMPLIGHTER_CONFIG', () => {
  const directory = mkdtempSync(join(tmpdir(), 'lamplighter-config-'));

  test('is read, and may be partial', () => {
    const path = join(directory, 'good.json');
    writeFileSync(path, JSON.stringify({ sip: { external: 'lamps.example' } }));
    expect(loadConfig({ LAMPLIGHTER_CONFIG: path }).sip.external).toBe('lamps.example');
  });

  test('is refused in one line when it is missing or no JSON', () => {
    const path = join(directory, 'bad.json');
    writeFileSync(path, '{\n  "sip": \n');
    for (const file of [path, join(directory, 'missing.json')]) {
      const load = () => loadConfig({ LAMPLIGHTER_CONFIG: file });
      expect(load).toThrow(`Cannot use "${file}" (LAMPLIGHTER_CONFIG): `);
      expect(load).toThrow(/^[^\n]+, it must be a JSON file like config\/default\.json$/);
    }
  });
});

describe('nodeId', () => {
  const onRedis = (port: string) =>
    loadConfig({ LAMPLIGHTER_HTTP_PORT: port, REDIS_URL: 'redis://127.0.0.1:6379' }).nodeId;

  test('is host name and HTTP port when it is empty: the same after a restart, different on one machine', () => {
    expect(onRedis('8081')).toMatch(/^[A-Za-z0-9_.-]+-8081$/);
    expect(onRedis('8081')).toBe(onRedis('8081'));
    expect(onRedis('8082')).not.toBe(onRedis('8081'));
  });

  test('is the same for ever with the embedded store: the data directory is what is owned', () => {
    expect(loadConfig({ LAMPLIGHTER_HTTP_PORT: '8081' }).nodeId).toBe(loadConfig({}).nodeId);
  });
});
