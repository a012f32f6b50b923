import { describe, expect, test } from 'vitest';
import type { IncomingRequest } from '../../../../src/ports/edge.ts';
import { REAL, TARGET_NAME } from '../../../support/drachtio-target.ts';
import { type Phone, randomToken, tagOf } from '../../../support/phone.ts';
import { type PhoneCall, placeCall } from '../../../support/phone-call.ts';
import { type App, eachRig, type Rig } from './rig.ts';

const NUMBER = 'sip:*30@example.com';

describe(`calls through drachtio-server, on ${TARGET_NAME}`, () => {
  let rig: Rig;
  let one: App;

  eachRig((opened, app) => {
    rig = opened;
    one = app;
  });

  async function accepted(phone: Phone): Promise<[PhoneCall, IncomingRequest]> {
    const call = placeCall(phone, NUMBER);
    const request = await one.app.requests.next();
    one.edge.respond(request, { status: 200, headers: [] });
    expect((await call.answer()).status).toBe(200);
    return [call, request];
  }

  test('a source that is not trusted is answered 403', async () => {
    await one.edge.stop();
    const strict = await rig.startApp({ trusts: () => false });
    const call = placeCall(await rig.phone('udp'), NUMBER);
    expect((await call.answer()).status).toBe(403);
    await strict.app.requests.silent(20);
  });

  test('RFC 3261 §8.1.1.8: an INVITE without Contact is answered 400 and not delivered', async () => {
    const phone = await rig.phone('udp');
    phone.send(phone.write({ method: 'INVITE', uri: NUMBER }).replace(/^Contact:.*\r\n/m, ''));
    expect((await phone.responses.until(({ status }) => status > 100)).status).toBe(400);
    await one.app.requests.silent(20);
  });

  test('RFC 3261 §8.2.2.2: an INVITE that comes on two paths is served on the first, 482 on the other', async () => {
    const phone = await rig.phone('udp');
    const same = { method: 'INVITE', uri: NUMBER, callId: randomToken(), fromTag: 'f' };
    phone.send(phone.write(same));
    await one.app.requests.next();
    expect((await phone.request(same)).status).toBe(482);
    expect(one.counts.get('merged')).toBe(1);
    await one.app.requests.silent(20);
  });

  test('responses without a chosen tag have one tag all the same', async () => {
    const call = placeCall(await rig.phone('udp'), NUMBER);
    const request = await one.app.requests.next();
    one.edge.respond(request, { status: 180, headers: [] });
    const ringing = await call.responses.until(({ status }) => status === 180);
    one.edge.respond(request, { status: 200, headers: [] });
    expect(tagOf(await call.answer(), 'to')).toBe(tagOf(ringing, 'to'));
  });

  test('an answer that drachtio-server could not carry is a 500, and there is no call', async () => {
    const phone = await rig.phone('udp');
    const call = placeCall(phone, NUMBER);
    const request = await one.app.requests.next();
    one.edge.respond(request, {
      status: 200,
      headers: ['content-type', 'text/plain'],
      body: 'x'.repeat(20_000),
    });
    expect((await call.answer()).status).toBe(500);
    one.edge.hangUp(request);
    await call.byes.silent(100);
  });

  test.skipIf(REAL !== null)(
    'a call that is ended while drachtio-server is away gets its BYE afterwards',
    async () => {
      const phone = await rig.phone('udp');
      const [call, request] = await accepted(phone);
      await expect.poll(() => rig.target.double?.dialogCount).toBe(1);
      await one.app.requests.silent(50);
      rig.target.double?.admin.cutOff();
      await expect.poll(() => one.edge.ready()).toBe(false);
      one.edge.hangUp(request);
      await one.app.restorations.next(10_000);
      expect(tagOf(await call.byes.next(), 'to')).toBe(call.fromTag);
      await expect.poll(() => rig.target.double?.dialogCount).toBe(0);
    },
  );
});
