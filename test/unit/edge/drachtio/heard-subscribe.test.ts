import { describe, expect, test } from 'vitest';
import { heardSubscribe } from '../../../../src/edge/drachtio/heard-subscribe.ts';

const SIP = 'SUBSCRIBE sip:1001@example.com SIP/2.0\r\nSubject: caf\u00e9\r\n\r\n';
const OUTSIDE = 'u-u|sip|network|99|udp|192.0.2.7|5062|12:00:00.000001|txn-1||192.0.2.1|5060|\r\n';
const INSIDE =
  'u-u|sip|network|99|tcp|[2001:db8::7]|5062|12:00:00.000001|txn-1|caf\u00e9;from-tag=theirs|\r\n';

describe('heardSubscribe()', () => {
  test('reads what drachtio-server says of a SUBSCRIBE, and leaves the SIP message as it is', () => {
    expect(heardSubscribe(OUTSIDE + SIP)).toEqual({
      method: 'SUBSCRIBE',
      text: 'SUBSCRIBE sip:1001@example.com SIP/2.0\r\nSubject: caf\xc3\xa9\r\n\r\n',
      transaction: 'txn-1',
      dialogId: '',
      isOwn: false,
      invite: null,
      address: '192.0.2.7',
      port: 5062,
      protocol: 'udp',
      receivedOn: '192.0.2.1:5060',
    });
  });

  test('inside a dialog it has the name of that, in octets, and no listener', () => {
    expect(heardSubscribe(INSIDE + SIP)).toMatchObject({
      dialogId: 'caf\xc3\xa9;from-tag=theirs',
      address: '[2001:db8::7]',
      protocol: 'tcp',
    });
    const [tokens] = INSIDE.split('|\r\n');
    expect(heardSubscribe(`${tokens}\r\n${SIP}`)).toMatchObject({ receivedOn: '' });
  });

  test.each([
    ['another method', OUTSIDE + SIP.replace('SUBSCRIBE', 'PUBLISH')],
    ['a method that begins like it', OUTSIDE + SIP.replace('SUBSCRIBE', 'SUBSCRIBERS')],
    ['a response', `${OUTSIDE}SIP/2.0 200 OK\r\nCSeq: 1 SUBSCRIBE\r\n\r\n`],
    [
      'the echo of one that was sent',
      `u-u|response|id|OK|application|9|udp|192.0.2.1|5060|12:00|txn|\r\n${SIP}`,
    ],
    ['one that drachtio-server has made', OUTSIDE.replace('network', 'application') + SIP],
    [
      'one with fewer tokens than drachtio-srf takes',
      `u-u|sip|network|99|udp|192.0.2.7|5062|12:00|txn\r\n${SIP}`,
    ],
    ['a message without SIP', 'u-u|response|id|OK|pong'],
  ])('leaves %s to drachtio-srf', (_what, message) => {
    expect(heardSubscribe(message)).toBeNull();
  });
});
