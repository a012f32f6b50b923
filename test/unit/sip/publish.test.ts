import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../../src/sip/parse.ts';
import { readPublish } from '../../../src/sip/publish.ts';

function read(headers: readonly string[], body = '') {
  const lines = [
    'PUBLISH sip:night@acme.example SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1',
    'From: <sip:night@acme.example>;tag=1',
    'To: <sip:night@acme.example>',
    'Call-ID: c1',
    'CSeq: 1 PUBLISH',
    `Content-Length: ${body.length}`,
    ...headers,
  ];
  const result = parseMessage(`${lines.join('\r\n')}\r\n\r\n${body}`);
  if (result.kind !== 'message' || result.message.kind !== 'request') return expect.fail('no request');
  return readPublish(result.message);
}

describe('readPublish()', () => {
  it('reads all that RFC 3903 §4 gives a meaning to', () => {
    const headers = [
      'Event: presence',
      'Expires: 600',
      'SIP-If-Match: dx200xyz',
      'Content-Type: Application/PIDF+xml;charset=UTF-8',
    ];
    expect(read(headers, '<presence/>')).toMatchObject({
      kind: 'read',
      fields: {
        event: { package: 'presence' },
        expires: 600,
        ifMatch: 'dx200xyz',
        contentType: 'application/pidf+xml',
        body: '<presence/>',
        target: { user: 'night', host: 'acme.example' },
      },
    });
  });

  it('leaves open what is absent', () => {
    expect(read([])).toMatchObject({
      fields: { event: 'missing', expires: null, ifMatch: null, contentType: null, body: '' },
    });
  });

  it.each([
    ['two entity-tags in one field (§6 step 3)', 'SIP-If-Match: a, b', 'Repeated SIP-If-Match Header Field'],
    [
      'two entity-tags in two fields (§6 step 3)',
      'SIP-If-Match: a\r\nSIP-If-Match: b',
      'Repeated SIP-If-Match Header Field',
    ],
    ['an empty entity-tag', 'SIP-If-Match: ', 'Malformed SIP-If-Match Header Field'],
    ['an Expires that is no number', 'Expires: soon', 'Malformed Expires Header Field'],
    ['an Event that is none', 'Event: ;id=1', 'Malformed Event Header Field'],
  ])('refuses %s with 400', (_, header, reason) => {
    expect(read([header])).toEqual({ kind: 'refused', refusal: { status: 400, reason, headers: [] } });
  });
});
