import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Application } from '../../../contract/edge-application.ts';
import { makeTestEdge, withTls } from '../../../support/embedded-edge.ts';
import { closeAfterTest, RESOURCE, startRig } from './rig.ts';

/** A port of loopback that is in use until the test ends. */
async function takenPort(kind: 'udp' | 'tcp'): Promise<number> {
  if (kind === 'udp') {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    closeAfterTest(() => new Promise((resolve) => socket.close(() => resolve())));
    return socket.address().port;
  }
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(() => new Promise((resolve) => server.close(() => resolve())));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test.each([
  ['udp', 'udpPort', 'UDP', 'sip.port / LAMPLIGHTER_SIP_PORT'],
  ['tcp', 'tcpPort', 'TCP', 'sip.port / LAMPLIGHTER_SIP_PORT'],
  ['tcp', 'tlsPort', 'TLS', 'sip.tlsPort / LAMPLIGHTER_SIP_TLS_PORT'],
  ['tcp', 'wsPort', 'WS', 'sip.wsPort / LAMPLIGHTER_SIP_WS_PORT'],
  ['tcp', 'wssPort', 'WSS', 'sip.wssPort / LAMPLIGHTER_SIP_WSS_PORT'],
] as const)(
  'a taken %s port for %s is PORT_TAKEN and names transport, port and setting',
  async (kind, key, transport, setting) => {
    const port = await takenPort(kind);
    const { edge } = makeTestEdge({ ...(await withTls()), [key]: port });
    const starting = edge.start(new Application(edge));
    await expect(starting).rejects.toMatchObject({ code: 'PORT_TAKEN' });
    await expect(starting).rejects.toThrow(`${transport} port ${port}`);
    await expect(starting).rejects.toThrow(setting);
  },
);

test('when one listener fails the others are closed again', async () => {
  const free = await startRig();
  const udpPort = free.place('udp').port;
  await free.edge.stop();
  const { edge } = makeTestEdge({ udpPort, wsPort: await takenPort('tcp') });
  await expect(edge.start(new Application(edge))).rejects.toMatchObject({ code: 'PORT_TAKEN' });
  expect(edge.listening()).toEqual([]);
  await startRig({ udpPort });
});

test('when IPv6 fails, IPv4 of the same transport is closed again', async () => {
  const socket = createSocket({ type: 'udp6', ipv6Only: true });
  await new Promise<void>((resolve) => socket.bind(0, '::', resolve));
  closeAfterTest(() => new Promise((resolve) => socket.close(() => resolve())));
  const udpPort = socket.address().port;
  const { edge } = makeTestEdge({ host: '', udpPort });
  await expect(edge.start(new Application(edge))).rejects.toMatchObject({ code: 'PORT_TAKEN' });
  await startRig({ udpPort });
});

test('an address that is not ours is EDGE_AWAY', async () => {
  const { edge } = makeTestEdge({ host: '192.0.2.99' });
  await expect(edge.start(new Application(edge))).rejects.toMatchObject({ code: 'EDGE_AWAY' });
});

test('a transport whose port is null is not opened', async () => {
  const { edge } = await startRig({ tcpPort: null, wsPort: null });
  expect(edge.listening().map(({ transport }) => transport)).toEqual(['udp']);
});

test('with every transport off there is nothing to start', async () => {
  const { edge } = makeTestEdge({ udpPort: null, tcpPort: null, wsPort: null });
  await expect(edge.start(new Application(edge))).rejects.toMatchObject({ code: 'EDGE_AWAY' });
});

test('on all addresses, IPv4 and IPv6 share each port', async () => {
  const { edge } = await startRig({ host: '' });
  const points = edge.listening();
  for (const transport of ['udp', 'tcp', 'ws']) {
    const ports = points.filter((each) => each.transport === transport).map(({ port }) => port);
    expect(new Set(ports).size).toBe(1);
  }
});

test.each(['udp', 'tcp'] as const)(
  'on all addresses, a phone on IPv6 is served over %s',
  async (transport) => {
    const rig = await startRig({ host: '' });
    const server = rig.place(transport, 6);
    const phone = await rig.phone({ transport, server });
    const [subscription, heard] = await rig.subscribe(phone);
    expect(subscription.record.flow).toMatchObject({ remoteAddress: '::1', localAddress: '::1' });
    expect(heard.remoteTarget).toMatch(/^sip:\[::1\]:\d+/);
    rig.app.notify(subscription, '<x/>');
    expect((await heard.nextNotify()).body).toBe('<x/>');
    expect((await rig.app.settlements.next()).result.kind).toBe('answered');
  },
);

test('on all addresses, Contact has the address that the kernel uses towards the phone', async () => {
  const rig = await startRig({ host: '' });
  const [, heard] = await rig.subscribe(await rig.phone({ transport: 'udp' }));
  expect(heard.remoteTarget).toBe(`sip:127.0.0.1:${rig.place('udp').port}`);
});

test('Contact names the transport of streams, and the external host if there is one', async () => {
  const rig = await startRig({ external: 'lamps.example.com' });
  const [, heard] = await rig.subscribe(await rig.phone({ transport: 'tcp' }));
  expect(heard.remoteTarget).toBe(`sip:lamps.example.com:${rig.place('tcp').port};transport=tcp`);
});

test('SIP from outside the trusted networks is dropped, counted, and logged once', async () => {
  const rig = await startRig({ trusts: () => false });
  const phone = await rig.phone({ transport: 'udp' });
  const text = phone.write({ method: 'SUBSCRIBE', uri: RESOURCE, headers: ['event', 'dialog'] });
  for (let count = 0; count < 3; count += 1) phone.send(text);
  await rig.app.requests.silent(50);
  await phone.responses.silent(1);
  expect(rig.counts.get('untrusted')).toBe(3);
  expect(rig.lines).toHaveLength(1);
});

test.each(['tcp', 'ws'] as const)(
  'a %s connection from outside the trusted networks is closed',
  async (transport) => {
    const rig = await startRig({ trusts: () => false });
    const phone = await rig.phone({ transport }).catch(() => null);
    if (phone !== null) await phone.closed.next();
    expect(rig.counts.get('untrusted')).toBe(1);
  },
);

/** What becomes of a WebSocket handshake with that Origin. */
function handshake(port: number, origin: string): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, 'sip', { origin });
  return new Promise((resolve, reject) => {
    socket.once('upgrade', ({ statusCode }) => resolve(statusCode ?? 0));
    socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode ?? 0));
    socket.once('error', reject);
    closeAfterTest(async () => socket.terminate());
  });
}

test('RFC 6455 §10.2: a page of another origin gets no WebSocket but 403, which is counted', async () => {
  const rig = await startRig();
  const { port } = rig.place('ws');
  expect(await handshake(port, 'https://evil.example')).toBe(403);
  expect(await handshake(port, 'null')).toBe(403);
  expect(rig.counts.get('foreign_origin')).toBe(2);
  expect(await handshake(port, 'http://127.0.0.1:8080')).toBe(101);
});

test('a page of an origin that is named in wsOrigins gets one', async () => {
  const rig = await startRig({ wsOrigins: ['https://pbx.acme.example'] });
  expect(await handshake(rig.place('ws').port, 'https://pbx.acme.example')).toBe(101);
});
