import { describe, expect, it } from 'vitest';
import { formatTarget, parseRedisUrl } from '../../../../src/store/redis/redis-url.ts';

const PLAIN = { kind: 'single', master: '', username: '', password: '', db: 0, tls: false };

describe('parseRedisUrl()', () => {
  it.each([
    ['redis://localhost', { ...PLAIN, addresses: [{ host: 'localhost', port: 6379 }] }],
    ['redis://127.0.0.1:6380/2', { ...PLAIN, db: 2, addresses: [{ host: '127.0.0.1', port: 6380 }] }],
    ['redis://[::1]:7000', { ...PLAIN, addresses: [{ host: '::1', port: 7000 }] }],
    [
      'rediss://me:p%40ss:word@r.example:1',
      {
        ...PLAIN,
        tls: true,
        username: 'me',
        password: 'p@ss:word',
        addresses: [{ host: 'r.example', port: 1 }],
      },
    ],
    ['redis://:secret@r/', { ...PLAIN, password: 'secret', addresses: [{ host: 'r', port: 6379 }] }],
    ['redis://r?cluster', { ...PLAIN, kind: 'cluster', addresses: [{ host: 'r', port: 6379 }] }],
    [
      'redis://a:1,b:2,[::1]:3?cluster=1',
      {
        ...PLAIN,
        kind: 'cluster',
        addresses: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
          { host: '::1', port: 3 },
        ],
      },
    ],
    [
      'redis://s1,s2:26380/1?sentinel=lamps',
      {
        ...PLAIN,
        kind: 'sentinel',
        master: 'lamps',
        db: 1,
        addresses: [
          { host: 's1', port: 26379 },
          { host: 's2', port: 26380 },
        ],
      },
    ],
  ])('reads %s', (url, target) => {
    expect(parseRedisUrl(url)).toEqual(target);
  });

  it.each([
    '',
    'localhost:6379',
    'http://localhost',
    'redis://',
    'redis://a,b',
    'redis://a:0',
    'redis://a:65536',
    'redis://a:x',
    'redis://a/b',
    'redis://a/1?cluster',
    'redis://a?cluster&sentinel=m',
    'redis://a?sentinel=',
    'redis://a?tls=1',
    'redis://%E0%A4@a',
  ])('refuses "%s" with CONFIG_INVALID', (url) => {
    expect(() => parseRedisUrl(url)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('never shows the password', () => {
    expect(() => parseRedisUrl('redis://me:secret@a,b')).not.toThrow(/secret/);
    expect(formatTarget(parseRedisUrl('rediss://me:secret@a,[::1]:2?cluster'))).toBe(
      'rediss://a:6379,[::1]:2 (cluster)',
    );
  });
});
