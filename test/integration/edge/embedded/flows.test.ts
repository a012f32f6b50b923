import { request as httpRequest } from 'node:http';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { headerOf } from '../../../../src/sip/message.ts';
import { parseVia } from '../../../../src/sip/via.ts';
import { RESOURCE, startRig, subscribeOnceAndListen } from './rig.ts';

const BODY = '<dialog-info>caf\xc3\xa9</dialog-info>';

test('RFC 7118: a browser subscribes over WebSocket and hears its NOTIFYs on the same connection', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'ws' });
  const [subscription, heard] = await rig.subscribe(phone);
  expect(subscription.record.flow.transport).toBe('ws');
  expect(heard.remoteTarget).toMatch(/;transport=ws$/);
  rig.app.notify(subscription, BODY);
  const notify = await heard.nextNotify();
  expect(notify.body).toBe(BODY);
  expect(notify.uri).toBe(phone.contact);
  expect(parseVia(headerOf(notify, 'via') ?? '')?.transport).toBe('WS');
  expect((await rig.app.settlements.next()).result.kind).toBe('answered');
});

test('RFC 7118 §4.2: text goes out in text frames, other octets in binary ones', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'ws' });
  const [subscription, heard] = await rig.subscribe(phone);
  rig.app.notify(subscription, 'not UTF-8: \xff');
  expect((await heard.nextNotify()).body).toBe('not UTF-8: \xff');
});

test('RFC 7118 §4.1: a WebSocket that does not offer the subprotocol sip is refused', async () => {
  const rig = await startRig();
  const socket = new WebSocket(`ws://127.0.0.1:${rig.place('ws').port}/`);
  const status = await new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    socket.on('error', () => {});
  });
  expect(status).toBe(400);
});

test('plain HTTP on the WebSocket port is told to upgrade', async () => {
  const rig = await startRig();
  const status = await new Promise((resolve) => {
    httpRequest({ host: '127.0.0.1', port: rig.place('ws').port }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).end();
  });
  expect(status).toBe(426);
});

test('RFC 5626 §4.4.1: a double CRLF in a WebSocket message is answered with one CRLF', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'ws' });
  phone.send('\r\n\r\n');
  expect(await phone.keepAlives.next()).toBe('\r\n');
});

test.each(['tcp', 'ws'] as const)('closed() tells the flow of a closed %s connection', async (transport) => {
  const rig = await startRig();
  const phone = await rig.phone({ transport });
  const [subscription] = await rig.subscribe(phone);
  await phone.close();
  expect(await rig.app.closings.next()).toEqual(subscription.record.flow);
});

test('a browser whose connection is closed is unreachable', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'ws' });
  const [subscription] = await rig.subscribe(phone);
  rig.app.notify(subscription, BODY);
  expect((await rig.app.settlements.next()).result.kind).toBe('answered');
  await phone.close();
  await rig.app.closings.next();
  rig.app.notify(subscription, BODY);
  expect((await rig.app.settlements.next()).result).toEqual({ kind: 'unreachable' });
});

test('a NOTIFY in flight on a connection that is closed is unreachable', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'tcp' });
  const [subscription, heard] = await rig.subscribe(phone);
  phone.answer = () => null;
  rig.app.notify(subscription, BODY);
  await heard.nextNotify();
  await phone.close();
  expect((await rig.app.settlements.next()).result).toEqual({ kind: 'unreachable' });
});

test('a phone that is not behind NAT is connected to when its connection is closed, and the connection is kept', async () => {
  const rig = await startRig();
  const { subscription, listener } = await subscribeOnceAndListen(rig, 'tcp');
  for (let count = 0; count < 2; count += 1) {
    rig.app.notify(subscription, BODY);
    expect((await rig.app.settlements.next()).result).toMatchObject({ kind: 'answered', status: 200 });
  }
  // Without what it has prepared, the edge must find the connection again.
  rig.app.notify(Object.assign(subscription, { cache: null }), BODY);
  expect((await rig.app.settlements.next()).result).toMatchObject({ kind: 'answered', status: 200 });
  const ports = listener.app.requests.all.map(({ flow }) => flow.remotePort);
  expect(new Set(ports).size).toBe(1);
});

test('a phone that refuses the connection is unreachable', async () => {
  const rig = await startRig();
  const gone = await startRig();
  const contact = `sip:1009@127.0.0.1:${gone.place('tcp').port};transport=tcp`;
  const phone = await rig.phone({ transport: 'tcp', contact });
  const [subscription] = await rig.subscribe(phone);
  await gone.edge.stop();
  await phone.close();
  await rig.app.closings.next();
  rig.app.notify(subscription, BODY);
  expect((await rig.app.settlements.next()).result).toEqual({ kind: 'unreachable' });
});

test('a phone on UDP with another port in its Contact is called there', async () => {
  const rig = await startRig();
  const receiver = await rig.phone({ transport: 'udp' });
  const phone = await rig.phone({ transport: 'udp', contact: receiver.contact });
  const [subscription] = await rig.subscribe(phone);
  rig.app.notify(subscription, BODY);
  expect((await receiver.requests.next()).body).toBe(BODY);
});

test('RFC 3261 §16.12: a strict router gets the request with its own URI on top', async () => {
  const rig = await startRig();
  const router = await rig.phone({ transport: 'udp' });
  const phone = await rig.phone({ transport: 'udp', recordRoute: [`<sip:${router.hostPort}>`] });
  const [subscription] = await rig.subscribe(phone);
  rig.app.notify(subscription, BODY);
  const notify = await router.requests.next();
  expect(notify.uri).toBe(`sip:${router.hostPort}`);
  expect(headerOf(notify, 'route')).toBe(`<${phone.contact}>`);
});

test('a phone whose UDP port is closed (ICMP) is a timeout, and nothing breaks', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const [subscription] = await rig.subscribe(phone);
  await phone.close();
  rig.app.notify(subscription, BODY);
  expect((await rig.app.settlements.next()).result).toEqual({ kind: 'timeout' });
  const [, heard] = await rig.subscribe(await rig.phone({ transport: 'udp' }));
  expect(heard.status).toBe(200);
});

test('a response to a NOTIFY that nobody waits for is dropped and counted', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  phone.send('SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKnone\r\nContent-Length: 0\r\n\r\n');
  phone.send('SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n');
  await expect.poll(() => rig.counts.get('malformed')).toBe(1);
  expect(rig.counts.get('unmatched_response')).toBe(1);
});

test('an answer spelled in an unusual way is understood', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const [subscription] = await rig.subscribe(phone);
  phone.answer = () => null;
  rig.app.notify(subscription, BODY);
  const via = headerOf(await phone.requests.next(), 'via') ?? '';
  phone.send(
    `sip/2.0 200 OK\r\nv :\r\n ${via.replace('SIP/2.0/UDP', 'SIP / 2.0 / UDP').replace(';branch=', ' ; branch = ')}\r\n\r\n`,
  );
  expect((await rig.app.settlements.next()).result).toMatchObject({ kind: 'answered', status: 200 });
});

test('a peer that reads nothing is cut off before it fills the memory', async () => {
  const rig = await startRig();
  const { connect } = await import('node:net');
  const socket = connect(rig.place('tcp').port, '127.0.0.1');
  const from = await rig.phone({ transport: 'tcp' });
  socket.on('error', () => {});
  socket.pause();
  const contact = 'sip:1009@10.0.0.9;transport=tcp';
  socket.write(
    from
      .write({ method: 'SUBSCRIBE', uri: RESOURCE, headers: ['event', 'dialog'] })
      .replace(from.contact, contact),
  );
  const subscription = rig.app.accept(await rig.app.requests.next());
  for (let count = 0; count < 200; count += 1) rig.app.notify(subscription, 'x'.repeat(60_000));
  await expect.poll(() => rig.counts.get('stream_backlog')).toBe(1);
  await rig.app.closings.next();
  socket.destroy();
});
