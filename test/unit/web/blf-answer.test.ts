import { describe, expect, test } from 'vitest';
import { denialOf, keyFault, readBlfAnswer } from '../../../src/web/board/blf-answer.ts';

function response(status: string, cseq = '2 SUBSCRIBE', to = '<sip:night@acme.example>;tag=x'): string {
  return `SIP/2.0 ${status}\r\nVia: SIP/2.0/WS x\r\nTo: ${to}\r\nCSeq: ${cseq}\r\nContent-Length: 0\r\n\r\n`;
}

describe('readBlfAnswer', () => {
  test('reads status and ID of an answer to a SUBSCRIBE', () => {
    expect(readBlfAnswer(response('401 Unauthorized'))).toEqual({ id: 'night', status: 401 });
    expect(readBlfAnswer(response('200 OK', '1 SUBSCRIBE', '"N" <sips:%2A30@acme.example>'))).toEqual({
      id: '*30',
      status: 200,
    });
  });

  test('reads nothing else', () => {
    expect(readBlfAnswer(response('200 OK', '2 OPTIONS'))).toBeNull();
    expect(readBlfAnswer(response('200 OK', '2 SUBSCRIBE', '<sip:acme.example>'))).toBeNull();
    const [, rest = ''] = response('200 OK').split('200 OK');
    expect(readBlfAnswer(`NOTIFY sip:x@y SIP/2.0${rest}`)).toBeNull();
  });
});

test('a wrong password and too many of them are said of the user, all else of the key', () => {
  expect(denialOf(401)).toMatch(/password is wrong/);
  expect(denialOf(480)).toMatch(/wait a minute/);
  for (const status of [200, 403, 404, 503, undefined]) expect(denialOf(status)).toBeNull();
  expect(keyFault(403)).toBe('You may not watch this ID');
  expect(keyFault(404)).toBe('The server refused the subscription (404)');
  for (const status of [200, undefined]) expect(keyFault(status)).toBe('The server ended the subscription');
});
