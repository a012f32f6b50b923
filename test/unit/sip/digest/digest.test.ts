import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestHash } from '../../../../src/digest-hash.ts';
import type { DigestAlgorithm } from '../../../../src/sip/digest/algorithm.ts';
import { parseAuthParams } from '../../../../src/sip/digest/auth-params.ts';
import { challengeHeaders } from '../../../../src/sip/digest/digest-challenge.ts';
import { readDigestCredentials } from '../../../../src/sip/digest/digest-credentials.ts';
import { digestHa1, digestResponse } from '../../../../src/sip/digest/digest-response.ts';
import { isDigestUri } from '../../../../src/sip/digest/digest-uri.ts';

describe('digestResponse()', () => {
  /** RFC 7616 §3.9.1. */
  const EXAMPLE = {
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    nc: '00000001',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    method: 'GET',
    uri: '/dir/index.html',
  };
  const MUFASA = { username: 'Mufasa', realm: 'http-auth@example.org', password: 'Circle of Life' };

  test.each<[DigestAlgorithm, string]>([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('RFC 7616 §3.9.1: with %s gives what the example has', (algorithm, response) => {
    const ha1 = digestHa1(digestHash, algorithm, MUFASA);
    expect(digestResponse(digestHash, ha1, { ...EXAMPLE, algorithm })).toBe(response);
  });
});

describe('readDigestCredentials()', () => {
  const TEXT =
    'Digest username="Mufasa", realm="acme.example", nonce="n/1", uri="sip:night@acme.example",' +
    ' response="753927FA0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", algorithm=SHA-256,' +
    ' cnonce="f2", nc=0000000a, qop=auth';

  test('RFC 7616 §3.4: reads every parameter, hex in lower case and the count as a number', () => {
    expect(readDigestCredentials(TEXT)).toEqual({
      kind: 'read',
      credentials: {
        username: 'Mufasa',
        realm: 'acme.example',
        nonce: 'n/1',
        uri: 'sip:night@acme.example',
        response: '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
        algorithm: 'SHA-256',
        cnonce: 'f2',
        nc: '0000000a',
        count: 10,
      },
    });
  });

  test('RFC 7235 §2.1: takes names and the scheme in any case, blanks, empty elements and quoted pairs', () => {
    const text = TEXT.replace('Digest', 'dIGEST ')
      .replace('nonce=', ' NONCE = ')
      .replace('"Mufasa",', '"Mu\\"fa\\\\sa",,');
    expect(readDigestCredentials(text)).toMatchObject({
      kind: 'read',
      credentials: { username: 'Mu"fa\\sa', nonce: 'n/1' },
    });
  });

  test('takes a quoted qop and a quoted algorithm, as many phones write them', () => {
    const text = TEXT.replace('qop=auth', 'qop="auth"').replace('SHA-256', '"sha-256"');
    expect(readDigestCredentials(text)).toMatchObject({ credentials: { algorithm: 'SHA-256' } });
  });

  test.each([
    ['', 'MD5'],
    [', algorithm=MD5', 'MD5'],
    [', algorithm=MD5-sess', null],
    [', algorithm=SHA-512-256', null],
  ])('RFC 7616 §3.4: the algorithm of "%s" is %s', (param, algorithm) => {
    const text = TEXT.replace(', algorithm=SHA-256', param);
    expect(readDigestCredentials(text)).toMatchObject({ kind: 'read', credentials: { algorithm } });
  });

  test('RFC 7616 §3.4: takes username* in its place, never beside it', () => {
    const extended = TEXT.replace('username="Mufasa"', "username*=UTF-8''J%C3%A4s%C3%B8n");
    expect(readDigestCredentials(extended)).toMatchObject({
      credentials: { username: 'J\xc3\xa4s\xc3\xb8n' },
    });
    expect(readDigestCredentials(`${TEXT}, username*=UTF-8''x`)).toEqual({ kind: 'malformed' });
  });

  test('RFC 8760 §2.6: says when there is no qop', () => {
    expect(readDigestCredentials(TEXT.replace(', qop=auth', ''))).toEqual({ kind: 'no-qop' });
  });

  test('leaves other schemes alone', () => {
    expect(readDigestCredentials('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==')).toEqual({ kind: 'not-digest' });
    expect(readDigestCredentials('')).toEqual({ kind: 'not-digest' });
  });

  test.each([
    ['a parameter twice', (text: string) => `${text}, nonce="other"`],
    ['a quoted string without end', (text: string) => `${text}, opaque="`],
    ['no username', (text: string) => text.replace('username="Mufasa", ', '')],
    ['no cnonce', (text: string) => text.replace('cnonce="f2", ', '')],
    ['a count of zero', (text: string) => text.replace('0000000a', '00000000')],
    ['a count that is too short', (text: string) => text.replace('0000000a', 'a')],
    ['qop=auth-int, which is not offered', (text: string) => text.replace('qop=auth', 'qop=auth-int')],
    ['a response that is no hash', (text: string) => text.replace('753927', 'xyz')],
    ['a hashed user name, which is not offered', (text: string) => `${text}, userhash=true`],
    ['no commas', (text: string) => text.replace('", realm', '" realm')],
  ])('refuses %s', (_, change) => {
    expect(readDigestCredentials(change(TEXT))).toEqual({ kind: 'malformed' });
  });

  test('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        readDigestCredentials(`Digest ${text}`);
        parseAuthParams(text);
      }),
    );
  });
});

describe('challengeHeaders()', () => {
  const CHALLENGE = {
    realm: 'acme.example',
    nonce: 'n',
    algorithms: ['MD5', 'SHA-256'] as const,
    stale: false,
  };

  test('RFC 8760 §2.3: has one for each algorithm, the strongest first, of one realm, with qop', () => {
    expect(challengeHeaders(CHALLENGE)).toEqual([
      'www-authenticate',
      'Digest realm="acme.example", nonce="n", algorithm=SHA-256, qop="auth"',
      'www-authenticate',
      'Digest realm="acme.example", nonce="n", algorithm=MD5, qop="auth"',
    ]);
  });

  test('RFC 7616 §3.3: says that the nonce was stale', () => {
    const [, value] = challengeHeaders({ ...CHALLENGE, algorithms: ['MD5'], stale: true });
    expect(value).toBe('Digest realm="acme.example", nonce="n", algorithm=MD5, qop="auth", stale=true');
  });
});

describe('isDigestUri()', () => {
  test.each([
    ['sip:1@a.example', 'sip:1@a.example', true],
    ['sip:1@A.example:5060;transport=tcp', 'sip:1@a.example', true],
    ['sip:%31@a.example', 'sip:1@a.example', true],
    ['sip:a.example', 'sip:a.example', true],
    ['sip:2@a.example', 'sip:1@a.example', false],
    ['sip:1@b.example', 'sip:1@a.example', false],
    ['sip:a.example', 'sip:1@a.example', false],
    ['/', 'sip:1@a.example', false],
  ])('RFC 7616 §3.4.6: %s for %s is %s', (uri, requestUri, is) => {
    expect(isDigestUri(uri, requestUri)).toBe(is);
  });
});
