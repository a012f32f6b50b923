import { expect, test } from 'vitest';
import { contactUri } from '../../../../src/edge/embedded/contact-uri.ts';
import type { IncomingRequest, Transport } from '../../../../src/ports/edge.ts';

function subscribeOver(transport: Transport, uri = 'sip:1001@example.com'): IncomingRequest {
  const headers = ['contact', '<sip:a@192.0.2.9>'];
  const places = { remoteAddress: '192.0.2.9', remotePort: 5060, localAddress: '192.0.2.1', localPort: 5060 };
  return {
    message: { kind: 'request', method: 'SUBSCRIBE', uri, headers, body: '' },
    flow: { transport, ...places },
  };
}

test.each([
  ['udp', 'sip:h:1'],
  ['tcp', 'sip:h:1;transport=tcp'],
  ['tls', 'sip:h:1;transport=tls'],
  ['ws', 'sip:h:1;transport=ws'],
  // RFC 7118 §5.2: there is no other name of it.
  ['wss', 'sip:h:1;transport=ws'],
] as const)('over %s our Contact is %s', (transport, wanted) => {
  expect(contactUri(subscribeOver(transport), 'h:1')).toBe(wanted);
});

test.each([
  ['tls', 'sips:h:1'],
  ['wss', 'sips:h:1;transport=ws'],
] as const)('RFC 3261 §12.1.1: over %s the answer to SIPS is %s', (transport, wanted) => {
  expect(contactUri(subscribeOver(transport, 'sips:1001@example.com'), 'h:1')).toBe(wanted);
});
