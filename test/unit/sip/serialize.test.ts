import { expect, test } from 'vitest';
import { serialize } from '../../../src/sip/serialize.ts';

test('serialize() writes long names as their RFC spells them', () => {
  const names = [
    'via',
    'call-id',
    'cseq',
    'www-authenticate',
    'sip-etag',
    'subscription-state',
    'mime-version',
    'x-my-own',
  ];
  const headers = names.flatMap((name) => [name, '1']);
  expect(serialize({ kind: 'request', method: 'NOTIFY', uri: 'sip:a@b', headers, body: '' })).toBe(
    'NOTIFY sip:a@b SIP/2.0\r\nVia: 1\r\nCall-ID: 1\r\nCSeq: 1\r\nWWW-Authenticate: 1\r\nSIP-ETag: 1\r\n' +
      'Subscription-State: 1\r\nMIME-Version: 1\r\nX-My-Own: 1\r\nContent-Length: 0\r\n\r\n',
  );
});

test('serialize() counts the body itself, whatever Content-Length was given (RFC 3261 §20.14)', () => {
  const headers = ['content-length', '99', 'content-type', 'text/plain'];
  expect(serialize({ kind: 'response', status: 200, reason: 'OK', headers, body: 'abc' })).toBe(
    'SIP/2.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc',
  );
});
