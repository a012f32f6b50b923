import { describe, expect, test } from 'vitest';
import type { Edge, IncomingRequest } from '../../src/ports/edge.ts';
import { parseCseq } from '../../src/sip/cseq.ts';
import { headerOf, headersOf, type SipMessage, type SipRequest } from '../../src/sip/message.ts';
import { parseVia } from '../../src/sip/via.ts';
import { type Phone, type PhoneSubscription, type Place, randomToken, tagOf } from '../support/phone.ts';
import type { WireTransport } from '../support/phone-wire.ts';
import { eachEdge } from './each-edge.ts';
import type { Application, Subscription } from './edge-application.ts';

/** An edge on loopback with what a phone must know of it. */
export interface EdgeRig {
  /** Not started yet. */
  readonly edge: Edge;
  /** Where phones send. Called after `edge.start`. */
  place(transport: WireTransport): Place;
  /** After how many ms at most an unanswered NOTIFY is settled as a timeout. */
  readonly timeoutMs: number;
  /** After how many ms a retransmission would certainly have come. */
  readonly quietMs: number;
  /** What a CANCEL of a pending SUBSCRIBE is answered, by a stack that answers it itself. Absent: 200. */
  readonly cancelStatus?: number;
  /** Ends what the rig itself has started; the suite stops the edge. */
  close(): Promise<void>;
}

const RESOURCE = 'sip:1001@example.com';
const BODY = '<dialog-info>caf\xc3\xa9</dialog-info>';

/**
 * What every edge guarantees (`ports/edge.ts`), by real sockets, over each of `transports`. `factory` gives a new one
 * for each test.
 */
export function edgeContract(
  name: string,
  factory: () => Promise<EdgeRig>,
  transports: readonly WireTransport[] = ['udp', 'tcp'],
): void {
  describe(`${name} keeps the contract of Edge`, () => {
    let rig: EdgeRig;
    let app: Application;
    const phoneOn = eachEdge(factory, (opened, application) => {
      rig = opened;
      app = application;
    });

    /** A phone whose SUBSCRIBE the application has answered with 200. */
    async function subscribed(phone: Phone): Promise<[Subscription, PhoneSubscription]> {
      const answer = phone.subscribe(RESOURCE);
      const subscription = app.accept(await app.requests.next());
      return [subscription, await answer];
    }

    test('start() opens the listeners and says what they are', async () => {
      expect(rig.edge.ready()).toBe(true);
      expect(rig.edge.listening().length).toBeGreaterThan(0);
      for (const point of rig.edge.listening()) expect(point.port).toBeGreaterThan(0);
    });

    test.runIf(transports.includes('udp')).each([
      ['all challenges where there is room', 900, ['Digest a', 'Digest b']],
      ['the last challenge where there is not', 250, ['Digest b']],
    ] as const)('an unproven 401 has no more octets than the datagram: %s', async (_, padding, wanted) => {
      const phone = await phoneOn('udp');
      const first = `Digest a="${'x'.repeat(500)}"`;
      app.onRequest = (request) => {
        const headers = ['www-authenticate', first, 'www-authenticate', 'Digest b="y"'];
        rig.edge.respond(request, { status: 401, toTag: 'b7-abc', headers, unproven: true });
      };
      const response = await phone.request({
        method: 'SUBSCRIBE',
        uri: RESOURCE,
        headers: ['event', 'dialog', 'x-padding', '.'.repeat(padding)],
      });
      expect(response.status).toBe(401);
      const challenges = headersOf(response, 'www-authenticate').map((value) => value.split('=')[0]);
      expect(challenges).toEqual(wanted);
    });

    describe.each(transports)('over %s', (transport) => {
      /*
       *   phone                 edge                 application
       *     |---- SUBSCRIBE ---->|------- request ------->|
       *     |<------- 200 -------|<------ respond --------|
       *     |<------ NOTIFY -----|<------ notify ---------|
       *     |-------- 200 ------>|------- settled ------->|
       */
      test('a SUBSCRIBE reaches the application with its flow', async () => {
        const phone = await phoneOn(transport);
        const answer = phone.subscribe(RESOURCE, { event: 'dialog;id=7' });
        const request = await app.requests.next();
        expect(request.message.method).toBe('SUBSCRIBE');
        expect(request.message.uri).toBe(RESOURCE);
        expect(headerOf(request.message, 'event')).toBe('dialog;id=7');
        // A browser does not know where it is (RFC 7118 §5).
        const { address: remoteAddress, port: remotePort } = phone.place;
        expect(request.flow).toMatchObject(
          remotePort === 0 ? { transport } : { transport, remoteAddress, remotePort },
        );
        app.accept(request);
        expect((await answer).status).toBe(200);
      });

      test('RFC 3261 §8.2.6: a response copies what it must, and has a Contact and the chosen tag', async () => {
        const phone = await phoneOn(transport);
        const [branch, callId, fromTag] = [`z9hG4bK${randomToken()}`, randomToken(), randomToken()];
        app.onRequest = (request) => {
          rig.edge.respond(request, {
            status: 200,
            toTag: 'b7-abc',
            headers: ['expires', '600', 'x-one', '1'],
          });
        };
        const response = await phone.request({
          method: 'SUBSCRIBE',
          uri: RESOURCE,
          callId,
          fromTag,
          cseq: 41,
          branch,
          headers: ['event', 'dialog', 'expires', '600'],
        });
        expect(parseVia(headerOf(response, 'via') ?? '')?.branch).toBe(branch);
        expect(tagOf(response, 'from')).toBe(fromTag);
        expect(tagOf(response, 'to')).toBe('b7-abc');
        expect(headerOf(response, 'call-id')).toBe(callId);
        expect(headerOf(response, 'cseq')).toBe('41 SUBSCRIBE');
        expect(headerOf(response, 'expires')).toBe('600');
        expect(headerOf(response, 'x-one')).toBe('1');
        expect(headerOf(response, 'contact')).toMatch(/^<sip:/);
        expect(response.reason).toBe('OK');
      });

      test('a refusal goes out as it was decided, with a tag and the headers of the application', async () => {
        const phone = await phoneOn(transport);
        app.onRequest = (request) => {
          rig.edge.respond(request, { status: 489, headers: ['allow-events', 'dialog, presence'] });
        };
        const { response } = await phone.subscribe(RESOURCE, { event: 'nonsense' });
        expect(response?.status).toBe(489);
        expect(response && headerOf(response, 'allow-events')).toBe('dialog, presence');
        expect(response && tagOf(response, 'to')).not.toBe('');
      });

      test('an answer may come later', async () => {
        const phone = await phoneOn(transport);
        const answer = phone.subscribe(RESOURCE);
        const request = await app.requests.next();
        await phone.responses.silent(50);
        app.accept(request);
        expect((await answer).status).toBe(200);
      });

      test('the 2xx is on the wire before the first NOTIFY', async () => {
        const phone = await phoneOn(transport);
        app.onRequest = (request) => app.notify(app.accept(request), BODY);
        const subscription = await phone.subscribe(RESOURCE);
        await subscription.nextNotify();
        expect(phone.heard.map(startOf)).toEqual(['200', 'NOTIFY']);
      });

      test('RFC 6665 §4.2.2: a NOTIFY is a request in the dialog of its SUBSCRIBE', async () => {
        const phone = await phoneOn(transport);
        const [subscription, heard] = await subscribed(phone);
        app.notify(subscription, BODY);
        const notify = await heard.nextNotify();
        expect(notify.uri).toBe(phone.contact);
        expect(tagOf(notify, 'from')).toBe(heard.toTag);
        expect(tagOf(notify, 'to')).toBe(heard.fromTag);
        expect(headerOf(notify, 'event')).toBe('dialog');
        expect(headerOf(notify, 'subscription-state')).toMatch(/^active *; *expires=3000$/);
        expect(headerOf(notify, 'content-type')).toBe('application/dialog-info+xml');
        expect(notify.body).toBe(BODY);
        expect(headerOf(notify, 'max-forwards')).not.toBeNull();
        expect(headersOf(notify, 'contact')).toHaveLength(1);
      });

      test('Event of a NOTIFY has the id of the SUBSCRIBE', async () => {
        const phone = await phoneOn(transport);
        app.onRequest = (request) => app.notify(app.accept(request), BODY);
        const subscription = await phone.subscribe(RESOURCE, { event: 'dialog;id=7' });
        expect(headerOf(await subscription.nextNotify(), 'event')).toMatch(/^dialog *; *id=7$/);
      });

      test('a NOTIFY without body has no Content-Type', async () => {
        const phone = await phoneOn(transport);
        const [subscription, heard] = await subscribed(phone);
        app.notify(subscription, '');
        const notify = await heard.nextNotify();
        expect(notify.body).toBe('');
        expect(headerOf(notify, 'content-type')).toBeNull();
      });

      test('settled() follows the 200 of the phone, once', async () => {
        const phone = await phoneOn(transport);
        const [subscription] = await subscribed(phone);
        app.notify(subscription, BODY);
        const settled = await app.settlements.next();
        expect(settled).toEqual({
          slot: subscription,
          result: { kind: 'answered', status: 200, retryAfter: null },
        });
        await app.settlements.silent(50);
      });

      test('settled() tells the status of a refusal, and its Retry-After', async () => {
        const phone = await phoneOn(transport);
        const [subscription] = await subscribed(phone);
        phone.answer = () => ({ status: 503, headers: ['retry-after', '17 (busy)'] });
        app.notify(subscription, BODY);
        const { result } = await app.settlements.next();
        expect(result).toEqual({ kind: 'answered', status: 503, retryAfter: 17 });
      });

      test('settled() tells a 481', async () => {
        const phone = await phoneOn(transport);
        const [subscription] = await subscribed(phone);
        phone.answer = () => ({ status: 481 });
        app.notify(subscription, BODY);
        const { result } = await app.settlements.next();
        expect(result).toMatchObject({ kind: 'answered', status: 481 });
      });

      test('settled() is never called within notify(), and may call notify() again', async () => {
        const phone = await phoneOn(transport);
        const [subscription, heard] = await subscribed(phone);
        let within = false;
        let left = 3;
        const next = (): void => {
          within = true;
          app.notify(subscription, BODY);
          within = false;
        };
        app.onSettled = () => {
          expect(within).toBe(false);
          left -= 1;
          if (left > 0) next();
        };
        next();
        for (let count = 0; count < 3; count += 1) await heard.nextNotify();
        await app.settlements.until(() => left === 0);
      });

      test('CSeq grows by what the application asks, or by what numbered() tells it', async () => {
        const phone = await phoneOn(transport);
        const [subscription, heard] = await subscribed(phone);
        const wanted: number[] = [];
        const seen: number[] = [];
        for (let count = 0; count < 3; count += 1) {
          app.notify(subscription, BODY);
          wanted.push(subscription.cseq);
          seen.push(parseCseq(headerOf(await heard.nextNotify(), 'cseq') ?? '')?.number ?? -1);
          await app.settlements.next();
        }
        const told = app.numbers.map(({ cseq }) => cseq);
        expect(seen).toEqual(told.length === 0 ? wanted : told);
        expect(seen[1]).toBeGreaterThan(seen[0] ?? 0);
        expect(seen[2]).toBeGreaterThan(seen[1] ?? 0);
      });

      test('the last NOTIFY says that the subscription is terminated', async () => {
        const phone = await phoneOn(transport);
        const [subscription, heard] = await subscribed(phone);
        app.notify(subscription, BODY, { last: true });
        expect(headerOf(await heard.nextNotify(), 'subscription-state')).toMatch(/^terminated/);
        expect((await app.settlements.next()).result).toMatchObject({ kind: 'answered', status: 200 });
      });

      test('release() after the end makes no sound at the phone', async () => {
        const phone = await phoneOn(transport);
        const [subscription, heard] = await subscribed(phone);
        app.notify(subscription, BODY, { last: true });
        await heard.nextNotify();
        await app.settlements.next();
        rig.edge.release(subscription, true);
        await heard.notifies.silent(100);
      });

      test('release() of a dialog whose phone was not told makes no NOTIFY of that dialog either', async () => {
        const phone = await phoneOn(transport);
        const [subscription, heard] = await subscribed(phone);
        rig.edge.release(subscription, false);
        await heard.notifies.silent(100);
        await app.settlements.silent(1);
      });

      test('a refresh reaches the application in the dialog, and NOTIFYs go on after it', async () => {
        const phone = await phoneOn(transport);
        const [subscription, heard] = await subscribed(phone);
        app.notify(subscription, BODY);
        await heard.nextNotify();
        const refreshed = heard.refresh(1800);
        const request = await app.requests.next();
        expect(tagOf(request.message, 'to')).toBe(heard.toTag);
        app.refresh(subscription, request);
        app.notify(subscription, BODY);
        expect((await refreshed).status).toBe(200);
        await heard.nextNotify();
      });

      test('RFC 3261 §12.2.2: after a refresh, NOTIFYs are addressed to the new Contact', async () => {
        const phone = await phoneOn(transport);
        const [subscription, heard] = await subscribed(phone);
        phone.contact = phone.contact.replace('sip:', 'sip:moved-');
        const refreshed = heard.refresh(1800);
        app.refresh(subscription, await app.requests.next());
        app.notify(subscription, BODY);
        await refreshed;
        const notify = await heard.nextNotify();
        expect(notify.uri).toBe(phone.contact);
        expect((await app.settlements.next()).result).toMatchObject({ kind: 'answered', status: 200 });
      });

      test('a phone behind NAT gets its NOTIFY where it was heard', async () => {
        const phone = await phoneOn(transport, { contact: 'sip:1009@192.168.77.9:5060' });
        const [subscription, heard] = await subscribed(phone);
        app.notify(subscription, BODY);
        expect((await heard.nextNotify()).body).toBe(BODY);
        expect((await app.settlements.next()).result).toMatchObject({ kind: 'answered', status: 200 });
      });

      test('two phones with one name hear only their own NOTIFYs', async () => {
        const one = await phoneOn(transport, { user: 'twin' });
        const two = await phoneOn(transport, { user: 'twin' });
        const [first, heardOne] = await subscribed(one);
        const [second, heardTwo] = await subscribed(two);
        app.notify(first, '<one/>');
        app.notify(second, '<two/>');
        expect((await heardOne.nextNotify()).body).toBe('<one/>');
        expect((await heardTwo.nextNotify()).body).toBe('<two/>');
        const settled = [await app.settlements.next(), await app.settlements.next()];
        expect(new Set(settled.map(({ slot }) => slot))).toEqual(new Set([first, second]));
        expect([one.requests.all.length, two.requests.all.length]).toEqual([1, 1]);
      });

      test('many NOTIFYs are settled each on its own', async () => {
        const phone = await phoneOn(transport);
        const subscriptions: Subscription[] = [];
        for (let count = 0; count < 20; count += 1) subscriptions.push((await subscribed(phone))[0]);
        for (const subscription of subscriptions) app.notify(subscription, BODY);
        const slots = new Set<unknown>();
        while (slots.size < subscriptions.length) slots.add((await app.settlements.next()).slot);
        await app.settlements.silent(20);
      });

      test('a silent phone is settled as a timeout, once', { timeout: 120_000 }, async () => {
        const phone = await phoneOn(transport);
        const [subscription] = await subscribed(phone);
        phone.answer = () => null;
        app.notify(subscription, BODY);
        const { result } = await app.settlements.next(rig.timeoutMs);
        expect(result).toEqual({ kind: 'timeout' });
        await app.settlements.silent(50);
      });

      test('a NOTIFY carries the header fields that the application adds', async () => {
        const phone = await phoneOn(transport);
        const [subscription, watching] = await subscribed(phone);
        app.notify(subscription, BODY, { headers: ['SIP-ETag', 'e7', 'Require', 'eventlist'] });
        const notify = await watching.notifies.next();
        expect(headerOf(notify, 'sip-etag')).toBe('e7');
        expect(headerOf(notify, 'require')).toBe('eventlist');
      });

      test('OPTIONS is for the application to answer', async () => {
        const phone = await phoneOn(transport);
        app.onRequest = (request) => {
          rig.edge.respond(request, { status: 200, headers: ['allow', 'SUBSCRIBE, OPTIONS'] });
        };
        const response = await phone.request({ method: 'OPTIONS', uri: 'sip:example.com' });
        expect(response.status).toBe(200);
        expect(headerOf(response, 'allow')).toBe('SUBSCRIBE, OPTIONS');
      });

      test('a PUBLISH comes with its body', async () => {
        const phone = await phoneOn(transport);
        app.onRequest = (request) => rig.edge.respond(request, { status: 412, headers: [] });
        const response = await phone.request({
          method: 'PUBLISH',
          uri: RESOURCE,
          headers: ['event', 'dialog', 'expires', '600', 'content-type', 'application/dialog-info+xml'],
          body: BODY,
        });
        expect(response.status).toBe(412);
        expect((await app.requests.next()).message.body).toBe(BODY);
      });

      test('quiesce() ends new requests, not the NOTIFYs in flight', async () => {
        const phone = await phoneOn(transport);
        const [subscription] = await subscribed(phone);
        app.notify(subscription, BODY);
        rig.edge.quiesce();
        expect((await app.settlements.next()).result).toMatchObject({ kind: 'answered', status: 200 });
        phone.send(phone.write({ method: 'SUBSCRIBE', uri: RESOURCE, headers: ['event', 'dialog'] }));
        await app.requests.silent(100);
      });

      test('stop() ends all: NOTIFYs in flight are not settled any more', async () => {
        const phone = await phoneOn(transport);
        const [subscription, heard] = await subscribed(phone);
        phone.answer = () => null;
        app.notify(subscription, BODY);
        await heard.nextNotify();
        await rig.edge.stop();
        expect(rig.edge.ready()).toBe(false);
        await app.settlements.silent(100);
      });
    });

    describe('over udp', () => {
      test('RFC 3261 §17.2.2: a retransmission is answered again, and delivered once', async () => {
        const phone = await phoneOn('udp');
        const text = phone.write({ method: 'SUBSCRIBE', uri: RESOURCE, headers: ['event', 'dialog'] });
        phone.send(text);
        phone.send(text);
        const request: IncomingRequest = await app.requests.next();
        await app.requests.silent(50);
        app.accept(request);
        const first = await phone.responses.until(({ status }) => status === 200);
        phone.send(text);
        const again = await phone.responses.until(({ status }) => status === 200);
        expect(again).toEqual(first);
        await app.requests.silent(50);
      });

      test('RFC 3261 §17.1.2.2: an unanswered NOTIFY is sent again, octet by octet', {
        timeout: 30_000,
      }, async () => {
        const phone = await phoneOn('udp');
        const [subscription, heard] = await subscribed(phone);
        let deaf = true;
        phone.answer = () => (deaf ? null : { status: 200 });
        app.notify(subscription, BODY);
        await heard.nextNotify();
        await phone.copies.next();
        deaf = false;
        const sent = phone.texts.filter((text) => text.startsWith('NOTIFY'));
        expect(new Set(sent).size).toBe(1);
      });

      test('RFC 3261 §12.2.1.1: the route set of the SUBSCRIBE is the route of its NOTIFYs', async () => {
        const proxy = await phoneOn('udp');
        const route = `<sip:${proxy.hostPort};lr>`;
        const phone = await phoneOn('udp', { recordRoute: [route] });
        const [subscription] = await subscribed(phone);
        app.notify(subscription, BODY);
        const notify: SipRequest = await proxy.requests.next();
        expect(notify.uri).toBe(phone.contact);
        expect(headersOf(notify, 'route').join(', ')).toBe(route);
      });

      test('a phone that moves to another port gets its NOTIFYs there after its refresh', async () => {
        const phone = await phoneOn('udp', { contact: 'sip:1009@192.168.77.9:5060' });
        const [subscription, heard] = await subscribed(phone);
        const moved = await phoneOn('udp', { user: phone.user, contact: phone.contact });
        moved.send(
          moved.write({
            method: 'SUBSCRIBE',
            uri: heard.remoteTarget,
            callId: heard.callId,
            fromTag: heard.fromTag,
            toTag: heard.toTag ?? '',
            cseq: 2,
            headers: ['event', 'dialog', 'expires', '600'],
          }),
        );
        app.refresh(subscription, await app.requests.next());
        app.notify(subscription, BODY);
        expect((await moved.requests.next()).body).toBe(BODY);
        expect((await app.settlements.next()).result).toMatchObject({ kind: 'answered', status: 200 });
      });

      test('RFC 6665 §4.6: a CANCEL is answered and changes nothing', async () => {
        const phone = await phoneOn('udp');
        const same = {
          uri: RESOURCE,
          callId: randomToken(),
          branch: `z9hG4bK${randomToken()}`,
          fromTag: 'f',
        };
        phone.send(phone.write({ ...same, method: 'SUBSCRIBE', headers: ['event', 'dialog'] }));
        const request = await app.requests.next();
        expect((await phone.request({ ...same, method: 'CANCEL' })).status).toBe(rig.cancelStatus ?? 200);
        app.accept(request);
        await phone.responses.until(
          ({ status, headers }) => status === 200 && headers.includes('1 SUBSCRIBE'),
        );
        await app.requests.silent(20);
      });

      test('ACK is never delivered and never answered', async () => {
        const phone = await phoneOn('udp');
        phone.send(phone.write({ method: 'ACK', uri: RESOURCE }));
        await app.requests.silent(50);
        await phone.responses.silent(1);
      });

      test('garbage does no harm', async () => {
        const phone = await phoneOn('udp');
        for (const garbage of [
          '\r\n\r\n',
          'hello',
          '\0\0\0\0',
          'SUBSCRIBE',
          'SIP/2.0 200\r\n\r\n',
          '\xff'.repeat(9000),
        ]) {
          phone.send(garbage);
        }
        await app.requests.silent(50);
        const [subscription, heard] = await subscribed(phone);
        app.notify(subscription, BODY);
        await heard.nextNotify();
      });
    });

    describe.each(transports.filter((each) => each !== 'udp'))('over %s', (transport) => {
      test('RFC 5626 §4.4.1: a double CRLF is answered with one CRLF', async () => {
        const phone = await phoneOn(transport);
        phone.send('\r\n\r\n');
        expect(await phone.keepAlives.next()).toBe('\r\n');
      });
    });

    describe.each(transports.filter((each) => each === 'tcp' || each === 'tls'))('over %s', (transport) => {
      test('RFC 3261 §18.3: requests in one write, and one request in many, are all understood', async () => {
        const phone = await phoneOn(transport);
        const texts = [1, 2, 3].map(() =>
          phone.write({ method: 'SUBSCRIBE', uri: RESOURCE, headers: ['event', 'dialog'], body: BODY }),
        );
        const all = texts.join('');
        phone.send(all.slice(0, 100));
        await app.requests.silent(20);
        phone.send(all.slice(100));
        for (let count = 0; count < 3; count += 1) {
          expect((await app.requests.next()).message.body).toBe(BODY);
        }
      });

      test('a phone behind NAT whose connection is closed cannot be reached', {
        timeout: 120_000,
      }, async () => {
        const phone = await phoneOn(transport, {
          contact: `sip:1009@192.0.2.250:5060;transport=${transport}`,
        });
        const [subscription] = await subscribed(phone);
        await phone.close();
        await new Promise((resolve) => setTimeout(resolve, 50));
        app.notify(subscription, BODY);
        const { result } = await app.settlements.next(rig.timeoutMs);
        expect(result.kind).not.toBe('answered');
        await app.settlements.silent(50);
      });
    });
  });
}

/** What a message is, in one word. */
function startOf(message: SipMessage): string {
  return message.kind === 'request' ? message.method : `${message.status}`;
}
