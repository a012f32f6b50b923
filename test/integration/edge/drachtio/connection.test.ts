import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isFault } from '../../../../src/errors.ts';
import { parseCseq } from '../../../../src/sip/cseq.ts';
import { headerOf } from '../../../../src/sip/message.ts';
import { Subscription } from '../../../contract/edge-application.ts';
import { knowsDialog, makeEdge, openDouble, REAL, TARGET_NAME } from '../../../support/drachtio-target.ts';
import { freePort } from '../../../support/free-port.ts';
import { tagOf } from '../../../support/phone.ts';
import { realClock } from '../../../support/real-clock.ts';
import {
  type App,
  DrachtioApplication,
  dialogOf,
  eachRig,
  eventually,
  RESOURCE,
  Rig,
  refreshed,
  subscribed,
} from './rig.ts';

const parserOfSrf = createRequire(import.meta.url)('drachtio-srf/lib/sip-parser/parser.js');

const OK = { kind: 'answered', status: 200, retryAfter: null };

describe(`the connection to drachtio-server, on ${TARGET_NAME}`, () => {
  let rig: Rig;
  let one: App;

  eachRig((opened, app) => {
    rig = opened;
    one = app;
  });

  test('tells what drachtio-server listens on, and gives phones that as Contact', async () => {
    const { address, port } = rig.target.sip;
    expect(one.edge.listening()).toContainEqual({ transport: 'udp', address, port });
    expect(one.edge.listening()).toContainEqual({ transport: 'tcp', address, port });
    const [udp] = await subscribed(one, await rig.phone('udp'));
    const [tcp] = await subscribed(one, await rig.phone('tcp'));
    expect(udp.record.dialog.localTarget).toBe(`sip:${address}:${port}`);
    expect(tcp.record.dialog.localTarget).toBe(`sip:${address}:${port};transport=tcp`);
  });

  test('a source that is not trusted is answered 403 and counted', async () => {
    await one.edge.stop();
    const strict = await rig.startApp({ trusts: () => false });
    const phone = await rig.phone('udp');
    expect((await phone.subscribe(RESOURCE)).status).toBe(403);
    expect(strict.counts.get('untrusted')).toBe(1);
    await strict.app.requests.silent(20);
  });

  test('a request that is malformed is answered 400 with what is wrong', async () => {
    const phone = await rig.phone('udp');
    const text = phone.write({ method: 'SUBSCRIBE', uri: RESOURCE, headers: ['event', 'dialog'] });
    phone.send(text.replace(/^Contact:.*\r\n/m, ''));
    const response = await phone.responses.next();
    expect([response.status, response.reason]).toEqual([400, 'Missing Contact Header Field']);
  });

  test('drachtio-srf reads what comes in, but no SUBSCRIBE', async () => {
    using parse = vi.spyOn(parserOfSrf, 'parseSipMessage');
    const phone = await rig.phone('udp');
    const [subscription, heard] = await subscribed(one, phone);
    await refreshed(one, subscription, heard);
    expect(parse).not.toHaveBeenCalled();
    phone.send(phone.write({ method: 'OPTIONS', uri: RESOURCE }));
    await one.app.requests.next();
    expect(parse).toHaveBeenCalledOnce();
  });

  test('compact names, UTF-8 and a display name with a comma arrive as they were sent', async () => {
    const phone = await rig.phone('udp');
    const text = phone.write({
      method: 'SUBSCRIBE',
      uri: RESOURCE,
      headers: ['event', 'dialog;id=x', 'subject', 'caf\xc3\xa9 \xf0\x9f\x93\x9e'],
    });
    phone.send(
      text
        .replace(/^Event:/m, 'o:')
        .replace(/^From: </m, 'f: "Caf\xc3\xa9, Bar" <')
        .replace(/^Call-ID:/m, 'i:'),
    );
    const request = await one.app.requests.next();
    expect(headerOf(request.message, 'event')).toBe('dialog;id=x');
    expect(headerOf(request.message, 'subject')).toBe('caf\xc3\xa9 \xf0\x9f\x93\x9e');
    const subscription = one.app.accept(request);
    one.app.notify(subscription, 'caf\xc3\xa9');
    const notify = await phone.requests.next();
    expect(headerOf(notify, 'to')).toMatch(/^"Caf\xc3\xa9, Bar" *</);
    expect(notify.body).toBe('caf\xc3\xa9');
  });

  test('after quiesce() new requests go to another application, or are answered 503', async () => {
    const two = await rig.startApp();
    const phone = await rig.phone('udp');
    const [, heard] = await subscribedAnywhere([one, two], phone);
    one.edge.quiesce();
    two.edge.quiesce();
    await knowsDialog(rig.target.server, 'none');
    expect((await phone.subscribe(RESOURCE)).status).toBe(503);
    expect((await heard.refresh(600)).status).toBe(503);
  });

  test('several applications get new requests by turns', async () => {
    const two = await rig.startApp();
    const phone = await rig.phone('udp');
    for (let count = 0; count < 6; count += 1) await subscribedAnywhere([one, two], phone);
    expect(one.app.requests.all).toHaveLength(3);
    expect(two.app.requests.all).toHaveLength(3);
  });

  describe.runIf(REAL === null || REAL.restartCommand !== undefined)(
    'rule 10: after a restart of drachtio-server',
    () => {
      test('a NOTIFY goes on out of dialog by itself, above every CSeq that was used', async () => {
        const phone = await rig.phone('udp');
        const [subscription, heard] = await subscribed(one, phone);
        one.app.notify(subscription, '<1/>');
        const first = await heard.nextNotify();
        await one.app.settlements.next();
        await rig.target.restart?.();
        await one.app.restorations.next();
        subscription.cseq = 1;
        one.app.notify(subscription, '<2/>');
        const second = await heard.nextNotify();
        expect(second.body).toBe('<2/>');
        expect(tagOf(second, 'from')).toBe(tagOf(first, 'from'));
        const cseq = parseCseq(headerOf(second, 'cseq') ?? '')?.number ?? 0;
        expect(cseq).toBeGreaterThan(subscription.record.cseqCeiling);
        expect((await one.app.settlements.next()).result).toEqual(OK);
        expect(one.app.numbers.at(-1)?.cseq).toBe(cseq);
        subscription.cseq = cseq;
        one.app.notify(subscription, '<3/>');
        expect(parseCseq(headerOf(await heard.nextNotify(), 'cseq') ?? '')?.number).toBe(cseq + 1);
        expect(one.counts.get('dialog_lost')).toBe(1);
      });

      test('a refresh is accepted as it was, and stays out of dialog though the server has adopted it', async () => {
        const phone = await rig.phone('udp');
        const [subscription, heard] = await subscribed(one, phone);
        one.app.notify(subscription, '<1/>');
        await heard.nextNotify();
        await one.app.settlements.next();
        await rig.target.restart?.();
        await one.app.restorations.next();
        await refreshed(one, subscription, heard);
        expect(heard.status).toBe(200);
        expect(subscription.record.stack?.inDialog).toBe(false);
        one.app.notify(subscription, '<2/>');
        expect(parseCseq(headerOf(await heard.nextNotify(), 'cseq') ?? '')?.number).toBe(subscription.cseq);
        await one.app.settlements.next();
        await refreshed(one, subscription, heard);
        expect(heard.status).toBe(200);
        one.edge.release(subscription, true);
        await eventually(() => knowsDialog(rig.target.server, dialogOf(subscription))).toBe(false);
      });

      test('rule 11: NOTIFYs in flight end as away, others wait for restored()', async () => {
        const phone = await rig.phone('udp');
        const [subscription, heard] = await subscribed(one, phone);
        phone.answer = () => null;
        one.app.notify(subscription, '<1/>');
        await heard.nextNotify();
        const restarted = rig.target.restart?.();
        expect((await one.app.settlements.next()).result).toEqual({ kind: 'away' });
        await restarted;
        await one.app.restorations.next();
        expect(one.edge.ready()).toBe(true);
        expect(one.counts.get('connection_lost')).toBe(1);
        await one.app.settlements.silent(50);
      });
    },
  );
});

/** What only the double can be made to do. */
describe('faults of drachtio-server, on the double', () => {
  let rig: Rig;

  beforeEach(async () => {
    rig = new Rig(await openDouble());
  });

  afterEach(() => rig.close());

  test('rule 11: while it is away nothing is thrown, and NOTIFYs end as away', async () => {
    const one = await rig.startApp();
    const phone = await rig.phone('udp');
    const [subscription] = await subscribed(one, phone);
    await rig.target.double?.stop();
    await eventually(() => one.edge.ready()).toBe(false);
    one.app.notify(subscription, '<1/>');
    expect((await one.app.settlements.next()).result).toEqual({ kind: 'away' });
    one.edge.release(subscription, false);
    expect(one.app.restorations.all).toHaveLength(0);
  });

  test('rule 11: it is tried again every second at least, and asked for its verbs once', async () => {
    const one = await rig.startApp();
    await rig.target.double?.stop();
    // Long enough for waits of 255 ms, 433 ms, 736 ms and 1251 ms, were they not bounded.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const began = performance.now();
    await rig.target.double?.start();
    await one.app.restorations.next();
    expect(performance.now() - began).toBeLessThan(1500);
    const [client] = rig.target.double?.admin.clients ?? [];
    expect(client?.verbs.filter((verb) => verb === 'subscribe')).toEqual(['subscribe']);
  });

  test('rule 6: what was released while it was away is forgotten when it is back', async () => {
    const one = await rig.startApp();
    const phone = await rig.phone('udp');
    const [subscription] = await subscribed(one, phone);
    rig.target.double?.admin.cutOff();
    await eventually(() => one.edge.ready()).toBe(false);
    one.edge.release(subscription, false);
    expect(rig.target.double?.dialogCount).toBe(1);
    await one.app.restorations.next();
    await eventually(() => rig.target.double?.dialogCount).toBe(0);
  });

  test('a frame that is none ends the connection, not the process', async () => {
    const one = await rig.startApp();
    rig.target.double?.admin.garble();
    await one.app.restorations.next();
    expect(one.counts.get('connection_lost')).toBe(1);
    const phone = await rig.phone('udp');
    const [subscription, heard] = await subscribed(one, phone);
    one.app.notify(subscription, '<1/>');
    expect((await heard.nextNotify()).body).toBe('<1/>');
  });

  test('the connection of answers alone is lost with a 200 on it: the phone has it with the next, and its NOTIFY', async () => {
    const one = await rig.startApp();
    const phone = await rig.phone('udp');
    const [, early] = await subscribed(one, phone);
    const { admin } = rig.target.double ?? expect.fail('no double');
    // Longer than the connection lives.
    admin.readOthersAfterMs = 10_000;
    const [refresh, first] = [early.refresh(600), phone.subscribe(RESOURCE)];
    for (const request of [await one.app.requests.next(), await one.app.requests.next()])
      if (request.message.headers.join().includes(early.toTag ?? '-'))
        one.edge.respond(request, { status: 200, headers: ['expires', '600'] });
      else one.app.notify(one.app.accept(request), '<1/>');
    const chunks = admin.chunks;
    await eventually(() => admin.chunks).toBeGreaterThan(chunks);
    admin.readOthersAfterMs = 1;
    for (const { socket, verbs } of admin.clients) if (verbs.length === 0) socket.destroy();
    const began = performance.now();
    expect((await refresh).status).toBe(200);
    const heard = await first;
    expect(heard.status).toBe(200);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect((await one.app.settlements.next()).result).toEqual({ kind: 'away' });
    await one.app.restorations.next();
    expect(one.app.requests.all).toHaveLength(3);
  });

  test('a stream that is stuck is given up: what was in flight ends as away, and it connects again', async () => {
    // Time goes ten times as fast for the edge: 5 s are half a second.
    const one = await rig.startApp({ clock: realClock(10) });
    const phone = await rig.phone('udp');
    const [subscription] = await subscribed(one, phone);
    const { double } = rig.target;
    if (double) double.admin.hangs = true;
    one.app.notify(subscription, '<1/>');
    expect((await one.app.settlements.next()).result).toEqual({ kind: 'away' });
    if (double) double.admin.hangs = false;
    await one.app.restorations.next();
  });

  test('RFC 6665 §4.2.1.1: the 200 is on the wire before the NOTIFY, though they go on connections of their own', async () => {
    const one = await rig.startApp();
    if (rig.target.double) rig.target.double.admin.readVerbsAfterMs = 50;
    const phone = await rig.phone('udp');
    const answer = phone.subscribe(RESOURCE);
    const subscription = one.app.accept(await one.app.requests.next());
    one.app.notify(subscription, '<1/>');
    const heard = await answer;
    expect(heard.status).toBe(200);
    expect((await heard.nextNotify()).body).toBe('<1/>');
    const refresh = heard.refresh(600);
    one.app.refresh(subscription, await one.app.requests.next());
    one.app.notify(subscription, '<2/>');
    expect((await refresh).status).toBe(200);
    expect((await heard.nextNotify()).body).toBe('<2/>');
    // Nothing was sent before its time and then again.
    expect(one.counts.size).toBe(0);
  });

  describe('rule 10: a refresh makes drachtio-server form a dialog anew that it has lost, and number from there', () => {
    /** drachtio-server has restarted, and reads requests of ours late; its phone has had NOTIFYs 2 and 3. */
    async function restarted() {
      const one = await rig.startApp();
      const phone = await rig.phone('udp');
      const [subscription, heard] = await subscribed(one, phone);
      for (const body of ['<1/>', '<2/>']) {
        one.app.notify(subscription, body);
        await heard.nextNotify();
        await one.app.settlements.next();
      }
      await rig.target.restart?.();
      if (rig.target.double) rig.target.double.admin.readOthersAfterMs = 200;
      await one.app.restorations.next();
      return { one, subscription, heard };
    }

    async function expectAbove({ one, subscription, heard }: Awaited<ReturnType<typeof restarted>>) {
      const request = await heard.nextNotify();
      expect(request.body).toBe('<3/>');
      expect(parseCseq(headerOf(request, 'cseq') ?? '')?.number).toBeGreaterThanOrEqual(subscription.cseq);
      expect(heard.status).toBe(200);
      await eventually(() => one.app.settlements.all.at(-1)?.result).toEqual(OK);
    }

    test('a NOTIFY that it has not read yet goes outside', async () => {
      const opened = await restarted();
      const { one, subscription, heard } = opened;
      one.app.notify(subscription, '<3/>');
      await refreshed(one, subscription, heard);
      await expectAbove(opened);
    });

    test('a NOTIFY that waits behind others goes outside', async () => {
      const opened = await restarted();
      const { one, subscription, heard } = opened;
      const [other] = await subscribed(one, await rig.phone('udp'));
      for (let count = 0; count < 64; count += 1) one.app.notify(other, '<0/>');
      one.app.notify(subscription, '<3/>');
      await refreshed(one, subscription, heard);
      await expectAbove(opened);
    });

    test('the first NOTIFY after it goes above the number of one of which nothing was heard', async () => {
      const one = await rig.startApp();
      const phone = await rig.phone('udp');
      const [subscription, heard] = await subscribed(one, phone);
      // Sent by drachtio-server as 2, just before it died.
      await rig.target.restart?.();
      await one.app.restorations.next();
      await refreshed(one, subscription, heard);
      subscription.cseq = 1;
      one.app.notify(subscription, '<1/>');
      const first = parseCseq(headerOf(await heard.nextNotify(), 'cseq') ?? '')?.number ?? 0;
      expect(first).toBeGreaterThan(2);
      await eventually(() => one.app.numbers.at(-1)?.cseq).toBe(first);
    });
  });

  test.each([
    ['requests of ours', 0],
    ['what comes in', 9],
  ])(
    'the connection for %s is lost alone: what was in flight ends as away, and all goes on',
    async (_, verbs) => {
      const one = await rig.startApp();
      const phone = await rig.phone('udp');
      const [subscription, heard] = await subscribed(one, phone);
      phone.answer = () => null;
      one.app.notify(subscription, '<1/>');
      await heard.nextNotify();
      const { double } = rig.target;
      for (const client of double?.admin.clients ?? [])
        if (client.verbs.length === verbs) client.socket.destroy();
      expect((await one.app.settlements.next()).result).toEqual({ kind: 'away' });
      await one.app.restorations.next();
      expect(double?.admin.connections).toBe(3);
      phone.answer = () => ({ status: 200 });
      one.app.notify(subscription, '<2/>');
      expect((await heard.nextNotify()).body).toBe('<2/>');
      expect((await one.app.settlements.next()).result).toEqual(OK);
      // Rule 9: the dialog belongs to the connection on which the SUBSCRIBE came in.
      if (verbs === 0) await refreshed(one, subscription, heard);
      expect(one.counts.get('dialog_lost')).toBeUndefined();
    },
  );

  test('rule 12: a wrong secret is said at start', async () => {
    const servers = [{ ...rig.target.server, secret: 'wrong' }];
    const { edge } = makeEdge(servers, { connectWithinMs: 300 });
    const failed = await edge.start(new DrachtioApplication(edge)).catch((error: unknown) => error);
    expect(isFault(failed, 'EDGE_AWAY')).toBe(true);
    expect(String(failed)).toContain('failed to authenticate');
  });

  test('quiesce() and stop() may come before start(), and quiesce() twice', async () => {
    const { edge } = makeEdge([rig.target.server]);
    edge.quiesce();
    await edge.stop();
    const one = await rig.startApp();
    one.edge.quiesce();
    one.edge.quiesce();
  });

  test('rule 11: start() rejects with EDGE_AWAY when no server is there, and leaves nothing behind', async () => {
    const port = await freePort();
    const { edge } = makeEdge([{ host: '127.0.0.1', port, secret: '' }], { connectWithinMs: 600 });
    const failed = await edge.start(new DrachtioApplication(edge)).catch((error: unknown) => error);
    expect(isFault(failed, 'EDGE_AWAY')).toBe(true);
    expect(String(failed)).toContain('ECONNREFUSED');
    expect(edge.ready()).toBe(false);
  });
});

describe('several drachtio-servers, on doubles', () => {
  let first: Rig;
  let second: Rig;
  let both: App;

  beforeEach(async () => {
    first = new Rig(await openDouble());
    second = new Rig(await openDouble());
    both = await first.startApp({ servers: [first.target.server, second.target.server] });
    await eventually(() => both.edge.listening()).toHaveLength(4);
  });

  afterEach(async () => {
    await first.close();
    await second.close();
  });

  test('a NOTIFY goes through the one that heard the phone', async () => {
    const [one, heardOne] = await subscribed(both, await first.phone('udp'));
    const [two, heardTwo] = await subscribed(both, await second.phone('udp'));
    expect(one.record.dialog.localTarget).not.toBe(two.record.dialog.localTarget);
    both.app.notify(one, '<1/>');
    both.app.notify(two, '<2/>');
    expect((await heardOne.nextNotify()).body).toBe('<1/>');
    expect((await heardTwo.nextNotify()).body).toBe('<2/>');
    expect(first.target.double?.dialogCount).toBe(1);
    expect(second.target.double?.dialogCount).toBe(1);
  });

  test('while that one is away its NOTIFYs end as away, and those of the other go on', async () => {
    const [one] = await subscribed(both, await first.phone('udp'));
    const [two, heardTwo] = await subscribed(both, await second.phone('udp'));
    await first.target.double?.stop();
    await eventually(() => both.counts.get('connection_lost')).toBe(1);
    expect(both.edge.ready()).toBe(true);
    both.app.notify(one, '<1/>');
    expect((await both.app.settlements.next()).result).toEqual({ kind: 'away' });
    both.app.notify(two, '<2/>');
    expect((await heardTwo.nextNotify()).body).toBe('<2/>');
  });

  test('one is killed: lamps of the other go on, and its own are right once it is back', async () => {
    const [one, heardOne] = await subscribed(both, await first.phone('udp'));
    const [two, heardTwo] = await subscribed(both, await second.phone('udp'));
    both.app.notify(one, '<1/>');
    expect((await heardOne.nextNotify()).body).toBe('<1/>');
    await both.app.settlements.next();
    await first.target.double?.stop();
    await eventually(() => both.edge.servers().map(({ ready }) => ready)).toEqual([false, true]);
    for (let count = 0; count < 5; count += 1) {
      both.app.notify(two, `<${count}/>`);
      expect((await heardTwo.nextNotify()).body).toBe(`<${count}/>`);
      expect((await both.app.settlements.next()).result).toEqual(OK);
    }
    await first.target.double?.start();
    await both.app.restorations.until(() => both.edge.servers().every(({ ready }) => ready));
    both.app.notify(one, '<newest/>');
    const newest = await heardOne.nextNotify();
    expect(newest.body).toBe('<newest/>');
    expect(tagOf(newest, 'from')).toBe(heardOne.toTag);
    expect((await both.app.settlements.next()).result).toEqual(OK);
  });

  test('after a restart of the application a NOTIFY goes through the one that its record names', async () => {
    const [two, heardTwo] = await subscribed(both, await second.phone('udp'));
    await both.edge.stop();
    const again = await first.startApp({ servers: [first.target.server, second.target.server] });
    await eventually(() => again.edge.servers().every(({ ready }) => ready)).toBe(true);
    again.app.notify(new Subscription(two.record), '<after/>');
    expect((await heardTwo.nextNotify()).body).toBe('<after/>');
    expect((await again.app.settlements.next()).result).toEqual(OK);
    expect(again.edge.servers().map(({ requests }) => requests)).toEqual([0, 1]);
  });

  test('PUBLISH, OPTIONS and calls come in through any of them', async () => {
    both.app.onRequest = (request) => both.edge.respond(request, { status: 200, headers: [] });
    for (const rig of [first, second]) {
      const phone = await rig.phone('udp');
      for (const method of ['PUBLISH', 'OPTIONS', 'INVITE']) {
        const headers = method === 'PUBLISH' ? ['event', 'presence'] : [];
        const response = await phone.request({ method, uri: RESOURCE, headers });
        expect([method, response.status]).toEqual([method, 200]);
      }
    }
    const requests = both.app.requests.all;
    expect(new Set(requests.map(({ flow }) => flow.localPort)).size).toBe(2);
    for (const request of requests) if (request.message.method === 'INVITE') both.edge.hangUp(request);
  });

  test('a phone that comes back through another is served by that, and the first forgets it', async () => {
    const phone = await first.phone('udp');
    const [subscription, heard] = await subscribed(both, phone);
    const moved = await second.phone('udp', { contact: phone.contact });
    const answer = moved.request({
      method: 'SUBSCRIBE',
      uri: RESOURCE,
      callId: heard.callId,
      fromTag: heard.fromTag,
      toTag: heard.toTag ?? '',
      cseq: 2,
      headers: ['event', 'dialog', 'expires', '600'],
    });
    both.app.refresh(subscription, await both.app.requests.next());
    expect((await answer).status).toBe(200);
    expect(subscription.record.stack?.inDialog).toBe(false);
    both.app.notify(subscription, '<2/>');
    expect((await moved.requests.next()).body).toBe('<2/>');
    await eventually(() => first.target.double?.dialogCount).toBe(0);
  });

  test('a subscription of a server that is not configured any more goes through any other, out of dialog', async () => {
    const [subscription, heard] = await subscribed(both, await first.phone('udp'));
    const { stack } = subscription.record;
    subscription.record = { ...subscription.record, stack: stack && { ...stack, server: 'gone:9022' } };
    both.app.notify(subscription, '<1/>');
    expect((await heard.nextNotify()).body).toBe('<1/>');
    expect((await both.app.settlements.next()).result).toEqual(OK);
  });
});

/** Whichever application gets it. */
async function subscribedAnywhere(apps: readonly App[], phone: Parameters<typeof subscribed>[1]) {
  for (const { app } of apps)
    app.onRequest = (request) => void (request.message.method === 'SUBSCRIBE' && app.accept(request));
  const heard = await phone.subscribe(RESOURCE);
  for (const { app } of apps) app.onRequest = () => {};
  return [null, heard] as const;
}
