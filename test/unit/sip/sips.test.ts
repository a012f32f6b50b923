import { describe, expect, test } from 'vitest';
import type { SipRequest } from '../../../src/sip/message.ts';
import { inspectSips, wantsSips } from '../../../src/sip/sips.ts';

function subscribe(uri: string, headers: readonly string[] = ['contact', '<sip:a@192.0.2.9>']): SipRequest {
  return { kind: 'request', method: 'SUBSCRIBE', uri, headers, body: '' };
}

describe('inspectSips()', () => {
  test.each(['udp', 'tcp', 'ws'])(
    'RFC 3261 §26.2.2: a SIPS URI that came over %s is refused with 416',
    (transport) => {
      expect(inspectSips(subscribe('sips:1001@example.com'), transport)).toMatchObject({ status: 416 });
    },
  );

  test.each(['tls', 'wss'])('lets a SIPS URI pass over %s', (transport) => {
    expect(inspectSips(subscribe('SIPS:1001@example.com'), transport)).toBeNull();
  });

  test.each(['udp', 'tcp', 'tls', 'ws', 'wss'])('lets a SIP URI pass over %s', (transport) => {
    expect(inspectSips(subscribe('sip:1001@example.com'), transport)).toBeNull();
  });
});

describe('RFC 3261 §12.1.1: wantsSips() is true when SIPS is', () => {
  test.each([
    ['the Request-URI', subscribe('sips:1001@example.com'), true],
    ['the Contact', subscribe('sip:1001@example.com', ['contact', '<sips:a@192.0.2.9>']), true],
    [
      'the top Record-Route',
      subscribe('sip:1001@example.com', ['record-route', '<sips:p.example.com;lr>, <sip:q.example.com;lr>']),
      true,
    ],
    [
      'the Contact behind a Record-Route that is not: no',
      subscribe('sip:1001@example.com', [
        'record-route',
        '<sip:p.example.com;lr>',
        'contact',
        '<sips:a@192.0.2.9>',
      ]),
      false,
    ],
    ['nothing: no', subscribe('sip:1001@example.com'), false],
  ])('%s', (_, request, wanted) => {
    expect(wantsSips(request)).toBe(wanted);
  });
});
