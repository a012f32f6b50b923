import { describe, expect, test } from 'vitest';
import { contactUri } from '../../../../src/edge/drachtio/contact-uri.ts';
import { incomingFlow } from '../../../../src/edge/drachtio/incoming-flow.ts';
import { parseListenPoints } from '../../../../src/edge/drachtio/listen-points.ts';
import type { Flow } from '../../../../src/ports/edge.ts';
import type { SipRequest } from '../../../../src/sip/message.ts';

const POINTS = parseListenPoints(
  'wss/192.0.2.1:443,tcp/192.0.2.1:5060,udp/192.0.2.1:5060,udp/[2001:db8::1]:5062',
);

function flowTo(transport: Flow['transport'], localAddress: string, localPort: number): Flow {
  return { transport, remoteAddress: '192.0.2.7', remotePort: 1, localAddress, localPort };
}

function heard(protocol: string, via: string, receivedOn = '') {
  const message: SipRequest = {
    kind: 'request',
    method: 'SUBSCRIBE',
    uri: 'sip:x',
    headers: ['via', via],
    body: '',
  };
  const from = { address: '[2001:db8::7]', port: 4000, protocol, receivedOn };
  return incomingFlow(from, message, POINTS);
}

test('parseListenPoints() takes what it can read', () => {
  expect(POINTS).toEqual([
    { transport: 'wss', address: '192.0.2.1', port: 443 },
    { transport: 'tcp', address: '192.0.2.1', port: 5060 },
    { transport: 'udp', address: '192.0.2.1', port: 5060 },
    { transport: 'udp', address: '2001:db8::1', port: 5062 },
  ]);
  expect(parseListenPoints('')).toEqual([]);
  expect(parseListenPoints('sctp/192.0.2.1:5060,udp/192.0.2.1')).toEqual([]);
});

test('contactUri() is the point that heard the phone', () => {
  expect(contactUri(POINTS, flowTo('udp', '2001:db8::1', 5062))).toBe('sip:[2001:db8::1]:5062');
  expect(contactUri(POINTS, flowTo('tcp', '192.0.2.1', 5060))).toBe('sip:192.0.2.1:5060;transport=tcp');
});

test('contactUri() is the external address of the port, where drachtio-server has one', () => {
  expect(contactUri(POINTS, flowTo('udp', '10.0.0.1', 5060))).toBe('sip:192.0.2.1:5060');
});

describe('incomingFlow()', () => {
  test('knows a WebSocket by its Via, for drachtio-server calls it tcp', () => {
    expect(heard('tcp', 'SIP/2.0/WSS x.invalid;branch=z', '192.0.2.1:443')).toEqual({
      transport: 'wss',
      remoteAddress: '2001:db8::7',
      remotePort: 4000,
      localAddress: '192.0.2.1',
      localPort: 443,
    });
  });

  test('believes no Via that claims a stream over UDP', () => {
    expect(heard('udp', 'SIP/2.0/TCP x;branch=z').transport).toBe('udp');
  });

  test('takes the listener of the transport where drachtio-server does not say it', () => {
    expect(heard('tcp', 'SIP/2.0/TCP x;branch=z')).toMatchObject({
      localAddress: '192.0.2.1',
      localPort: 5060,
    });
  });
});
