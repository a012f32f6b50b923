import { describe, expect, test } from 'vitest';
import { answerParts } from '../../../../src/edge/drachtio/answer-parts.ts';
import type { SipRequest } from '../../../../src/sip/message.ts';

const SUBSCRIBE: SipRequest = {
  kind: 'request',
  method: 'SUBSCRIBE',
  uri: 'sip:1001@example.com',
  headers: ['to', '<sip:1001@example.com;x=1>'],
  body: '',
};
const NEW = { message: SUBSCRIBE, known: false, hasToTag: false, contact: 'sip:192.0.2.1' };
const ACCEPTED = { status: 200, toTag: 'b1-x', headers: ['Expires', '60'] };

describe('answerParts()', () => {
  test('rule 3: puts our tag last into To where nobody has one', () => {
    expect(answerParts(ACCEPTED, NEW).headers).toEqual({
      Expires: '60',
      To: '<sip:1001@example.com;x=1>;tag=b1-x',
      Contact: '<sip:192.0.2.1>',
    });
  });

  test.each([{ known: true }, { hasToTag: true }])('rule 3: leaves To alone with %o', (change) => {
    expect(answerParts(ACCEPTED, { ...NEW, ...change }).headers).not.toHaveProperty('To');
  });

  test('RFC 3261 §7.3.1: joins what has one name', () => {
    const { headers } = answerParts(
      { status: 489, headers: ['Allow-Events', 'dialog', 'Allow-Events', 'presence'] },
      NEW,
    );
    expect(headers).toEqual({ 'Allow-Events': 'dialog, presence' });
  });

  test('gives a PUBLISH no Contact', () => {
    const message = { ...SUBSCRIBE, method: 'PUBLISH' };
    expect(answerParts({ status: 200, headers: [] }, { ...NEW, message }).headers).toEqual({});
  });

  test('makes text of octets', () => {
    expect(
      answerParts({ status: 200, headers: ['X-Name', 'caf\xc3\xa9'], body: '\xc3\xa9' }, NEW),
    ).toMatchObject({
      headers: { 'X-Name': 'café' },
      body: 'é',
    });
  });
});
