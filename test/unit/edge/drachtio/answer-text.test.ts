import { describe, expect, test } from 'vitest';
import { answerText, plainAnswerText } from '../../../../src/edge/drachtio/answer-text.ts';
import type { SipRequest } from '../../../../src/sip/message.ts';

const SUBSCRIBE: SipRequest = {
  kind: 'request',
  method: 'SUBSCRIBE',
  uri: 'sip:1001@example.com',
  headers: ['to', '<sip:1001@example.com;x=1>'],
  body: '',
};
const NEW = {
  message: SUBSCRIBE,
  transaction: 'txn',
  known: false,
  hasToTag: false,
  contact: 'sip:192.0.2.1',
};
const ACCEPTED = { status: 200, toTag: 'b1-x', headers: ['expires', '60'] };

describe('answerText()', () => {
  test('names the transaction, and leaves to drachtio-server what it adds', () => {
    expect(answerText({ ...ACCEPTED, toTag: '' }, { ...NEW, known: true })).toBe(
      '|sip|txn|\r\nSIP/2.0 200 OK\r\nExpires: 60\r\nContact: <sip:192.0.2.1>\r\n\r\n',
    );
  });

  test('rule 3: puts our tag last into To where nobody has one', () => {
    expect(answerText(ACCEPTED, NEW)).toContain('\r\nTo: <sip:1001@example.com;x=1>;tag=b1-x\r\n');
  });

  test.each([{ known: true }, { hasToTag: true }])('rule 3: leaves To alone with %o', (change) => {
    expect(answerText(ACCEPTED, { ...NEW, ...change })).not.toContain('To:');
  });

  test('RFC 3261 §7.3.1: what has one name stays on lines of its own, as challenges must', () => {
    const headers = ['www-authenticate', 'Digest a="1"', 'www-authenticate', 'Digest a="2"'];
    expect(answerText({ status: 401, headers }, NEW)).toContain(
      '\r\nWWW-Authenticate: Digest a="1"\r\nWWW-Authenticate: Digest a="2"\r\n\r\n',
    );
  });

  test.each([
    ['PUBLISH', 200, false],
    ['SUBSCRIBE', 489, false],
    ['OPTIONS', 200, true],
  ])('RFC 3261 §20.10: gives %s that is answered %i a Contact: %s', (method, status, has) => {
    const message = { ...SUBSCRIBE, method };
    expect(answerText({ status, headers: [] }, { ...NEW, message }).includes('Contact:')).toBe(has);
  });

  test('keeps octets as they are, and a reason of its own', () => {
    const answer = { status: 200, reason: 'Fine', headers: ['x-name', 'caf\xc3\xa9'], body: '\xc3\xa9' };
    const message = { ...SUBSCRIBE, method: 'INFO' };
    expect(answerText(answer, { ...NEW, message })).toBe(
      '|sip|txn|\r\nSIP/2.0 200 Fine\r\nX-Name: caf\xc3\xa9\r\n\r\n\xc3\xa9',
    );
  });
});

test('plainAnswerText() says nothing but its status', () => {
  expect(plainAnswerText('txn', 400)).toBe('|sip|txn|\r\nSIP/2.0 400 Bad Request\r\n\r\n');
});
