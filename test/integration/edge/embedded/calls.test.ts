import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { headerOf, headersOf } from '../../../../src/sip/message.ts';
import { FAST_TIMERS } from '../../../support/embedded-edge.ts';
import { Mailbox } from '../../../support/mailbox.ts';
import { randomToken, tagOf } from '../../../support/phone.ts';
import { placeCall } from '../../../support/phone-call.ts';
import { closeAfterTest, startRig } from './rig.ts';

const NUMBER = 'sip:*30@example.com';

test('RFC 3261 §8.2.6.1: 100 Trying brings the Timestamp back and has no tag of ours', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const call = placeCall(phone, NUMBER, { headers: ['timestamp', '54.21'] });
  const trying = await call.responses.next();
  expect([trying.status, headerOf(trying, 'timestamp')]).toEqual([100, '54.21']);
  expect(headerOf(trying, 'to')).not.toContain('tag=');
});

test('RFC 3261 §17.2.1: a retransmitted INVITE gets the newest provisional response', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const call = placeCall(phone, NUMBER);
  const request = await rig.app.requests.next();
  call.invite();
  expect((await call.responses.next()).status).toBe(100);
  expect((await call.responses.next()).status).toBe(100);
  rig.edge.respond(request, { status: 180, headers: [] });
  call.invite();
  const progress = await call.responses.next();
  expect(progress.status).toBe(180);
  expect(await call.responses.next()).toEqual(progress);
});

test('RFC 3261 §13.3.1.4: a 2xx is sent again until the ACK, on streams too', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'tcp' });
  const call = placeCall(phone, NUMBER, { acks: false });
  rig.edge.respond(await rig.app.requests.next(), { status: 200, headers: [] });
  const response = await call.answer();
  expect(await call.responses.next()).toEqual(response);
  call.acknowledge();
  await expect.poll(() => rig.counts.get('ack')).toBe(1);
  const sent = call.responses.all.length;
  await new Promise((resolve) => setTimeout(resolve, 2 * FAST_TIMERS.t2Ms));
  expect(call.responses.all.length - sent).toBeLessThanOrEqual(1);
});

test.each(['udp', 'tcp'] as const)(
  'RFC 3261 §9.2: CANCEL after a 2xx is answered 200, and the call over %s goes on',
  async (transport) => {
    const rig = await startRig();
    const phone = await rig.phone({ transport });
    const call = placeCall(phone, NUMBER);
    rig.edge.respond(await rig.app.requests.next(), { status: 200, headers: [] });
    const response = await call.answer();
    const answer = await call.cancel();
    expect([answer.status, tagOf(answer, 'to')]).toEqual([200, tagOf(response, 'to')]);
    expect((await call.hangUp()).status).toBe(200);
  },
);

test('RFC 3261 §12.1.1: a provisional response forms a dialog already: Contact and Record-Route', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp', recordRoute: ['<sip:192.0.2.7;lr>'] });
  const call = placeCall(phone, NUMBER);
  rig.edge.respond(await rig.app.requests.next(), { status: 183, headers: [] });
  const progress = await call.responses.until(({ status }) => status === 183);
  expect(headersOf(progress, 'contact')).toHaveLength(1);
  expect(headersOf(progress, 'record-route')).toEqual(['<sip:192.0.2.7;lr>']);
});

test('RFC 3261 §8.1.1.8: an INVITE without Contact is answered 400 and not delivered', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  phone.send(phone.write({ method: 'INVITE', uri: NUMBER }).replace(/^Contact:.*\r\n/m, ''));
  expect((await phone.responses.next()).status).toBe(400);
  await rig.app.requests.silent(20);
});

test('RFC 3261 §8.2.2.3: an INVITE that requires 100rel is answered 420, without 100 before', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const call = placeCall(phone, NUMBER, { headers: ['require', '100rel'] });
  const response = await call.responses.next();
  expect([response.status, headerOf(response, 'unsupported')]).toEqual([420, '100rel']);
  await rig.app.requests.silent(20);
});

test('RFC 3261 §8.2.2.2: an INVITE that comes on two paths is served on the first, and 482 on the other', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const same = { method: 'INVITE', uri: NUMBER, callId: randomToken(), fromTag: 'f' };
  phone.send(phone.write(same));
  await rig.app.requests.next();
  expect((await phone.request(same)).status).toBe(482);
  expect(rig.counts.get('merged')).toBe(1);
  await rig.app.requests.silent(20);
});

test('RFC 3261 §12.2.2: a BYE that is older than the newest request of its dialog is answered 500', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const call = placeCall(phone, NUMBER);
  rig.edge.respond(await rig.app.requests.next(), { status: 200, headers: [] });
  await call.answer();
  call.cseq = 0;
  expect((await call.hangUp()).status).toBe(500);
  expect((await call.hangUp()).status).toBe(200);
});

test('RFC 3261 §15.1.1: a BYE that nobody answers is sent again until 64*T1, and the call is over', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const call = placeCall(phone, NUMBER);
  const request = await rig.app.requests.next();
  rig.edge.respond(request, { status: 200, headers: [] });
  await call.answer();
  phone.answer = () => null;
  rig.edge.hangUp(request);
  const first = await call.byes.next();
  expect(await call.byes.next()).toEqual(first);
  await expect.poll(async () => (await call.hangUp()).status, { timeout: 5_000 }).toBe(481);
  expect(rig.counts.get('notify_retransmitted')).toBeUndefined();
});

test('RFC 3261 §18: BYE goes over a new connection when the one of the INVITE is closed', async () => {
  const rig = await startRig();
  const heard = new Mailbox<string>('connection to the Contact');
  const listener = createServer((socket) => socket.on('data', (bytes) => heard.push(bytes.toString())));
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  closeAfterTest(async () => void listener.close());
  const { port } = listener.address() as AddressInfo;
  const contact = `sip:1001@127.0.0.1:${port};transport=tcp`;
  const phone = await rig.phone({ transport: 'tcp', contact });
  const call = placeCall(phone, NUMBER);
  const request = await rig.app.requests.next();
  rig.edge.respond(request, { status: 200, headers: [] });
  await call.answer();
  await expect.poll(() => rig.counts.get('ack')).toBe(1);
  await phone.close();
  await rig.app.closings.next();
  rig.edge.hangUp(request);
  expect(await heard.next()).toMatch(`BYE ${contact} SIP/2.0`);
});

test('300 calls at once are each delivered once and answered', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'tcp' });
  rig.app.onRequest = (request) => rig.edge.respond(request, { status: 480, headers: [] });
  const finals = await Promise.all(
    Array.from({ length: 300 }, () =>
      phone.request({ method: 'INVITE', uri: NUMBER, callId: randomToken() }),
    ),
  );
  expect(finals.every(({ status }) => status === 480)).toBe(true);
  expect(rig.app.requests.all).toHaveLength(300);
});
