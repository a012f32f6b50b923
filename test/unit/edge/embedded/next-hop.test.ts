import { describe, expect, test } from 'vitest';
import { nextHop } from '../../../../src/edge/embedded/next-hop.ts';
import type { Flow } from '../../../../src/ports/edge.ts';
import type { Dialog } from '../../../../src/sip/dialog.ts';

function dialogWith(remoteTarget: string, routeSet: readonly string[] = []): Dialog {
  return {
    callId: 'c',
    localTag: 'l',
    remoteTag: 'r',
    localUri: '<sip:1001@example.com>',
    remoteUri: '<sip:1009@example.com>',
    localTarget: 'sip:192.0.2.1:5060',
    remoteTarget,
    routeSet,
    remoteCseq: 1,
  };
}

function heardFrom(remoteAddress: string, transport: Flow['transport'] = 'udp', remotePort = 31_337): Flow {
  return { transport, remoteAddress, remotePort, localAddress: '192.0.2.1', localPort: 5060 };
}

const BACK = { kind: 'flow', otherwise: null };

describe('nextHop() without Record-Route', () => {
  test('believes a Contact whose host is the source address, with its own port', () => {
    const { requestUri, routes, way } = nextHop(
      dialogWith('sip:a@198.51.100.7:5070'),
      heardFrom('198.51.100.7'),
    );
    expect(requestUri).toBe('sip:a@198.51.100.7:5070');
    expect(routes).toEqual([]);
    expect(way).toEqual({
      kind: 'target',
      target: { transport: 'udp', address: '198.51.100.7', port: 5070 },
    });
  });

  test('takes 5060 when such a Contact names no port (RFC 3261 §19.1.2)', () => {
    const { way } = nextHop(dialogWith('sip:a@198.51.100.7'), heardFrom('198.51.100.7'));
    expect(way).toMatchObject({ target: { port: 5060 } });
  });

  test.each([
    ['private', 'sip:a@192.168.1.20:5060'],
    ['of another public address', 'sip:a@203.0.113.9:5060'],
    ['a name', 'sip:a@phone.example.com'],
    ['.invalid (RFC 7118 §5)', 'sip:a@df7jal23ls0d.invalid;transport=ws'],
    ['no SIP URI', 'tel:+4930123456'],
    ['for TLS, which is not ours to open', 'sip:a@198.51.100.7;transport=tls'],
    ['SIPS', 'sips:a@198.51.100.7'],
    ['of port 0', 'sip:a@198.51.100.7:0'],
  ])('goes back to the flow when the Contact is %s', (_, contact) => {
    const { requestUri, way } = nextHop(dialogWith(contact), heardFrom('198.51.100.7'));
    expect(requestUri).toBe(contact);
    expect(way).toEqual(BACK);
  });

  test('compares IPv6 addresses, not their spelling', () => {
    const { way } = nextHop(dialogWith('sip:a@[2001:DB8:0:0::7]:5070'), heardFrom('2001:db8::7'));
    expect(way).toEqual({ kind: 'target', target: { transport: 'udp', address: '2001:db8::7', port: 5070 } });
  });

  test('calls a phone on TCP when its Contact asks for it', () => {
    const { way } = nextHop(dialogWith('sip:a@198.51.100.7:5070;transport=TCP'), heardFrom('198.51.100.7'));
    expect(way).toMatchObject({ target: { transport: 'tcp', port: 5070 } });
  });

  test('RFC 3261 §18: keeps to the open connection, with the Contact for when it is closed', () => {
    const { way } = nextHop(dialogWith('sip:a@198.51.100.7:5070'), heardFrom('198.51.100.7', 'tcp'));
    const otherwise = { transport: 'tcp', address: '198.51.100.7', port: 5070 };
    expect(way).toEqual({ kind: 'flow', otherwise });
  });

  test('has no other way to a phone behind NAT whose connection is closed', () => {
    const { way } = nextHop(dialogWith('sip:a@10.0.0.9:5070'), heardFrom('198.51.100.7', 'tcp'));
    expect(way).toEqual(BACK);
  });

  test('never sends openly what came over TLS, whatever the Contact says', () => {
    const { way } = nextHop(dialogWith('sip:a@198.51.100.7;transport=tcp'), heardFrom('198.51.100.7', 'tls'));
    expect(way).toEqual(BACK);
  });

  test('never opens a WebSocket', () => {
    const { way } = nextHop(dialogWith('sip:a@198.51.100.7;transport=ws'), heardFrom('198.51.100.7', 'ws'));
    expect(way).toEqual(BACK);
  });
});

describe('nextHop() with a route set', () => {
  const flow = heardFrom('198.51.100.7', 'udp', 5060);

  test('RFC 3261 §12.2.1.1: a loose router gets the request, the target is on the request line', () => {
    const routeSet = ['<sip:198.51.100.7;lr>', '<sip:203.0.113.5;lr>'];
    const { requestUri, routes, way } = nextHop(dialogWith('sip:a@10.0.0.9', routeSet), flow);
    expect(requestUri).toBe('sip:a@10.0.0.9');
    expect(routes).toEqual(routeSet);
    expect(way).toEqual({
      kind: 'target',
      target: { transport: 'udp', address: '198.51.100.7', port: 5060 },
    });
  });

  test('RFC 3261 §16.12: a strict router finds itself on the request line and the target as last Route', () => {
    const routeSet = ['<sip:198.51.100.7:5066;method=NOTIFY;x=1?subject=s>', '<sip:203.0.113.5;lr>'];
    const { requestUri, routes, way } = nextHop(dialogWith('sip:a@10.0.0.9', routeSet), flow);
    expect(requestUri).toBe('sip:198.51.100.7:5066;x=1');
    expect(routes).toEqual(['<sip:203.0.113.5;lr>', '<sip:a@10.0.0.9>']);
    expect(way).toMatchObject({ target: { port: 5066 } });
  });

  test('a route is honoured when it is not where the request came from', () => {
    const { way } = nextHop(dialogWith('sip:a@10.0.0.9', ['<sip:203.0.113.5:5080;lr>']), flow);
    expect(way).toMatchObject({ target: { address: '203.0.113.5', port: 5080 } });
  });

  test.each([
    ['a name', '<sip:proxy.example.com;lr>'],
    ['private, heard from a public address', '<sip:10.0.0.1;lr>'],
    ['malformed', 'proxy'],
  ])('a route that is %s is reached where the request came from', (_, route) => {
    const { routes, way } = nextHop(dialogWith('sip:a@10.0.0.9', [route]), flow);
    expect(routes).toEqual([route]);
    expect(way).toEqual(BACK);
  });

  test('a private route is honoured in a private network', () => {
    const { way } = nextHop(dialogWith('sip:a@10.0.0.9', ['<sip:10.0.0.1;lr>']), heardFrom('10.0.0.2'));
    expect(way).toMatchObject({ target: { address: '10.0.0.1' } });
  });
});

describe('nextHop() where we speak TLS', () => {
  const at = '198.51.100.7';
  const wayOf = (contact: string, transport: Flow['transport'] = 'udp') =>
    nextHop(dialogWith(contact), heardFrom(at, transport), true).way;

  test.each([
    ['transport=tls', `sip:a@${at}:5070;transport=tls`, 5070],
    ['SIPS (RFC 3261 §26.2.2)', `sips:a@${at}:5070`, 5070],
    ['SIPS without a port (RFC 3261 §19.1.2)', `sips:a@${at}`, 5061],
  ])('connects with TLS to a Contact of %s', (_, contact, port) => {
    expect(wayOf(contact)).toEqual({ kind: 'target', target: { transport: 'tls', address: at, port } });
  });

  test.each(['udp', 'tcp', 'tls'])('never leaves TLS for a Contact of transport=%s', (named) => {
    expect(wayOf(`sip:a@${at}:5070;transport=${named}`, 'tls')).toEqual({
      kind: 'flow',
      otherwise: { transport: 'tls', address: at, port: 5070 },
    });
  });

  test.each(['ws', 'wss'] as const)('never connects to a browser that was heard over %s', (transport) => {
    expect(wayOf(`sips:a@${at}:5070;transport=ws`, transport)).toEqual(BACK);
  });
});
