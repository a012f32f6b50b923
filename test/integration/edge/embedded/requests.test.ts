import { expect, test } from 'vitest';
import { headerOf, type SipResponse } from '../../../../src/sip/message.ts';
import { parseVia } from '../../../../src/sip/via.ts';
import { type Phone, randomToken } from '../../../support/phone.ts';
import { RESOURCE, startRig } from './rig.ts';

const SUBSCRIBE = { method: 'SUBSCRIBE', uri: RESOURCE, headers: ['event', 'dialog'] } as const;

/** Sends a SUBSCRIBE after `change` has spoiled its text, and gives the final response. */
function sendChanged(phone: Phone, change: (text: string) => string): Promise<SipResponse> {
  phone.send(change(phone.write(SUBSCRIBE)));
  return phone.responses.until(({ status }) => status >= 200);
}

/** The text without the lines of one header field. */
function without(name: string): (text: string) => string {
  return (text) => text.replace(new RegExp(`^${name}:.*\r\n`, 'gm'), '');
}

test('RFC 3581 §4: the response goes to the source port and says which it was', async () => {
  const rig = await startRig();
  rig.app.onRequest = (request) => rig.edge.respond(request, { status: 200, headers: [] });
  const phone = await rig.phone({ transport: 'udp' });
  const response = await phone.request({ method: 'OPTIONS', uri: RESOURCE });
  expect(parseVia(headerOf(response, 'via') ?? '')).toMatchObject({
    received: '127.0.0.1',
    rport: phone.place.port,
  });
});

test('RFC 3261 §18.2.2: without rport the response goes to the port of sent-by', async () => {
  const rig = await startRig();
  rig.app.onRequest = (request) => rig.edge.respond(request, { status: 200, headers: [] });
  const sender = await rig.phone({ transport: 'udp', rport: false });
  const receiver = await rig.phone({ transport: 'udp' });
  const text = sender.write({ method: 'OPTIONS', uri: RESOURCE });
  sender.send(text.replace(`UDP ${sender.hostPort}`, `UDP phone.example.com:${receiver.place.port}`));
  const response = await receiver.responses.next();
  expect(parseVia(headerOf(response, 'via') ?? '')).toMatchObject({
    received: '127.0.0.1',
    rport: undefined,
  });
  await sender.responses.silent(20);
});

test('RFC 3261 §18.2.2: a response whose connection is closed goes over a new one to sent-by', async () => {
  const rig = await startRig();
  const listener = await startRig();
  const phone = await rig.phone({ transport: 'tcp' });
  const place = listener.place('tcp');
  phone.send(phone.write(SUBSCRIBE).replace(`TCP ${phone.hostPort}`, `TCP 10.0.0.9:${place.port}`));
  const request = await rig.app.requests.next();
  await phone.close();
  await rig.app.closings.next();
  rig.edge.respond(request, { status: 200, headers: [] });
  await expect.poll(() => listener.counts.get('unmatched_response')).toBe(1);
});

test.each(['Event', 'Expires'])('a SUBSCRIBE without %s is for the application to judge', async (name) => {
  const rig = await startRig();
  rig.app.onRequest = (request) => rig.edge.respond(request, { status: 489, headers: [] });
  const phone = await rig.phone({ transport: 'udp' });
  expect((await sendChanged(phone, without(name))).status).toBe(489);
});

test.each(['From', 'To', 'Call-ID', 'CSeq', 'Contact'])(
  'RFC 3261 §8.1.1: a SUBSCRIBE without %s is answered 400 and not delivered',
  async (name) => {
    const rig = await startRig();
    const phone = await rig.phone({ transport: 'udp' });
    const response = await sendChanged(phone, without(name));
    expect(response.status).toBe(400);
    expect(response.reason).toContain(name);
    await rig.app.requests.silent(20);
  },
);

test('a request without Via cannot be answered: it is dropped and counted', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  phone.send(without('Via')(phone.write(SUBSCRIBE)));
  await phone.responses.silent(50);
  expect(rig.counts.get('malformed')).toBe(1);
  await rig.app.requests.silent(1);
});

test('RFC 3261 §8.2.2.3: an extension we lack is answered 420 with Unsupported', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const response = await phone.request({
    ...SUBSCRIBE,
    headers: [...SUBSCRIBE.headers, 'require', '100rel'],
  });
  expect(response.status).toBe(420);
  expect(headerOf(response, 'unsupported')).toBe('100rel');
});

test('RFC 3261 §18.3: a datagram shorter than its Content-Length is answered 400', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const response = await sendChanged(phone, (text) => text.replace('Content-Length: 0', 'Content-Length: 9'));
  expect(response.status).toBe(400);
});

test('a body longer than allowed is answered 413', async () => {
  const rig = await startRig({ maxMessageBytes: 2_000 });
  const phone = await rig.phone({ transport: 'udp' });
  const response = await phone.request({ ...SUBSCRIBE, body: 'x'.repeat(3_000) });
  expect(response.status).toBe(413);
});

test('RFC 3261 §18.3: a stream that cannot be framed is answered and closed', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'tcp' });
  const response = await sendChanged(phone, (text) => text.replace('Content-Length: 0', 'Content-Length: x'));
  expect(response.status).toBe(400);
  await phone.closed.next();
});

test('a stream without end of head is closed when the head is too long', async () => {
  const rig = await startRig({ maxMessageBytes: 2_000 });
  const phone = await rig.phone({ transport: 'tcp' });
  phone.send('SUBSCRIBE sip:a SIP/2.0\r\n');
  phone.send(`X: ${'x'.repeat(5_000)}`);
  await phone.closed.next();
});

test('RFC 3261 §8.2.2.2: the same request on another branch is answered 482', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const same = { ...SUBSCRIBE, callId: randomToken(), fromTag: 'f' };
  phone.send(phone.write(same));
  await rig.app.requests.next();
  expect((await phone.request(same)).status).toBe(482);
  await rig.app.requests.silent(20);
});

test('RFC 3261 §9.2: a CANCEL without its transaction is answered 481', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  expect((await phone.request({ method: 'CANCEL', uri: RESOURCE })).status).toBe(481);
});

test('RFC 3261 §9.2: the 200 to a CANCEL has the tag of the response to its request', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const same = { ...SUBSCRIBE, callId: randomToken(), branch: `z9hG4bK${randomToken()}`, fromTag: 'f' };
  phone.send(phone.write(same));
  rig.edge.respond(await rig.app.requests.next(), { status: 200, toTag: 'b7-chosen', headers: [] });
  const response = await phone.request({ ...same, method: 'CANCEL' });
  expect(response.status).toBe(200);
  expect(headerOf(response, 'to')).toMatch(/;tag=b7-chosen$/);
});

test('no provisional response is sent while the application thinks (RFC 4320 §4.1)', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  phone.send(phone.write(SUBSCRIBE));
  await rig.app.requests.next();
  await phone.responses.silent(200);
});

test('CRLFCRLF in a datagram is ignored', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  phone.send('\r\n\r\n');
  await phone.keepAlives.silent(50);
  expect(rig.counts.get('keepalive')).toBe(1);
  expect(rig.counts.get('malformed')).toBeUndefined();
});

test('Record-Route is echoed in the 2xx that forms a dialog (RFC 3261 §12.1.1)', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp', recordRoute: ['<sip:127.0.0.1;lr>'] });
  const [, { response }] = await rig.subscribe(phone);
  expect(response && headerOf(response, 'record-route')).toBe('<sip:127.0.0.1;lr>');
});

test('a PUBLISH gets no Contact in its 200 (RFC 3903 §6)', async () => {
  const rig = await startRig();
  rig.app.onRequest = (request) => rig.edge.respond(request, { status: 200, headers: ['sip-etag', 'e1'] });
  const phone = await rig.phone({ transport: 'udp' });
  const response = await phone.request({ method: 'PUBLISH', uri: RESOURCE });
  expect(headerOf(response, 'contact')).toBeNull();
  expect(headerOf(response, 'sip-etag')).toBe('e1');
});
