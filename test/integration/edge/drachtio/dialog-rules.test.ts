import { describe, expect, test } from 'vitest';
import { parseCseq } from '../../../../src/sip/cseq.ts';
import { headerOf, headersOf, type SipRequest } from '../../../../src/sip/message.ts';
import { knowsDialog, TARGET_NAME } from '../../../support/drachtio-target.ts';
import { type Phone, randomToken, tagOf } from '../../../support/phone.ts';
import { type App, dialogOf, eachRig, RESOURCE, type Rig, refreshed, subscribed } from './rig.ts';

const OK = { kind: 'answered', status: 200, retryAfter: null };

describe(`dialogs in drachtio-server, on ${TARGET_NAME}`, () => {
  let rig: Rig;
  let one: App;

  eachRig((opened, app) => {
    rig = opened;
    one = app;
  });

  /** Waits until the server has forgotten a dialog. */
  async function forgotten(dialogId: string): Promise<void> {
    await expect.poll(() => knowsDialog(rig.target.server, dialogId), { timeout: 5000 }).toBe(false);
  }

  test('rule 1: a SUBSCRIBE is answered 200, never 202, and with its Expires', async () => {
    const phone = await rig.phone('udp');
    const answer = phone.subscribe(RESOURCE, { expires: 0 });
    one.app.accept(await one.app.requests.next());
    const { response } = await answer;
    expect(response?.status).toBe(200);
    expect(response && headerOf(response, 'expires')).toBe('0');
  });

  test('rule 2: 200 and first NOTIFY are written back to back, by a dialog id that is known beforehand', async () => {
    const phone = await rig.phone('udp');
    one.app.onRequest = (request) => {
      const subscription = one.app.accept(request);
      one.app.notify(subscription, '<1/>');
      expect(dialogOf(subscription)).toBe(
        `${headerOf(request.message, 'call-id')};from-tag=${tagOf(request.message, 'from')}`,
      );
    };
    const heard = await phone.subscribe(RESOURCE);
    expect((await heard.nextNotify()).body).toBe('<1/>');
    expect((await one.app.settlements.next()).result).toEqual(OK);
  });

  test('rule 3: the tag of the application is on the 200, on its NOTIFYs and on the 200 to a refresh', async () => {
    const phone = await rig.phone('udp');
    const [subscription, heard] = await subscribed(one, phone);
    expect(heard.toTag).toBe(subscription.record.id);
    one.app.notify(subscription, '');
    expect(tagOf(await heard.nextNotify(), 'from')).toBe(subscription.record.id);
    await refreshed(one, subscription, heard);
    expect(heard.toTag).toBe(subscription.record.id);
  });

  describe('rule 3: a SUBSCRIBE without To tag under the Call-ID and From tag of a live dialog', () => {
    /** As a phone does that makes both from its serial number, after a power cut. */
    const again = (
      phone: Phone,
      { callId, fromTag, cseq }: { callId: string; fromTag: string; cseq: number },
    ) =>
      phone.request({
        method: 'SUBSCRIBE',
        uri: RESOURCE,
        ...{ callId, fromTag, cseq },
        headers: ['event', 'dialog', 'expires', '600'],
      });

    test('is answered 481, for a 200 would show another tag than its NOTIFYs', async () => {
      const phone = await rig.phone('udp');
      const [, heard] = await subscribed(one, phone);
      expect((await again(phone, { ...heard, cseq: 7 })).status).toBe(481);
      expect(one.counts.get('dialog_reused')).toBe(1);
      await one.app.requests.silent(50);
    });

    test('frees the old dialog without a sound, so that the next try forms a new one', async () => {
      const phone = await rig.phone('udp');
      const [old, heard] = await subscribed(one, phone);
      await again(phone, { ...heard, cseq: 7 });
      await forgotten(dialogOf(old));
      const answer = again(phone, { ...heard, cseq: 8 });
      const fresh = one.app.accept(await one.app.requests.next());
      expect(tagOf(await answer, 'to')).toBe(fresh.record.id);
      one.app.notify(fresh, '<new/>');
      const notify = await phone.requests.until(({ body }) => body === '<new/>');
      expect(tagOf(notify, 'from')).toBe(fresh.record.id);
    });

    test('leaves nothing that the old subscription could do to the new dialog', async () => {
      const phone = await rig.phone('udp');
      const [old, heard] = await subscribed(one, phone);
      await again(phone, { ...heard, cseq: 7 });
      await forgotten(dialogOf(old));
      const answer = again(phone, { ...heard, cseq: 8 });
      const fresh = one.app.accept(await one.app.requests.next());
      await answer;
      one.app.notify(old, '<old/>', { last: true });
      const last = await phone.requests.until(({ body }) => body === '<old/>');
      expect(tagOf(last, 'from')).toBe(old.record.id);
      await one.app.settlements.next();
      one.edge.release(old, true);
      one.app.notify(fresh, '<new/>');
      await phone.requests.until(({ body }) => body === '<new/>');
      expect(await knowsDialog(rig.target.server, dialogOf(fresh))).toBe(true);
    });

    test('RFC 3261 §8.2.2.2: is answered 482 when it is a copy that came another way, and the dialog lives', async () => {
      const phone = await rig.phone('udp');
      const [subscription, heard] = await subscribed(one, phone);
      expect((await again(phone, { ...heard, cseq: 1 })).status).toBe(482);
      expect(one.counts.get('merged')).toBe(1);
      one.app.notify(subscription, '<1/>');
      expect((await heard.nextNotify()).body).toBe('<1/>');
    });
  });

  test('rule 4: two tenants whose phones have one private Contact get each their own NOTIFY', async () => {
    const contact = `sip:100@192.168.1.20:5060;transport=tcp`;
    const [red, blue] = [await rig.phone('tcp', { contact }), await rig.phone('tcp', { contact })];
    const [redSubscription, redHeard] = await subscribed(one, red);
    const [blueSubscription, blueHeard] = await subscribed(one, blue);
    // This puts the connection of the blue phone into the cache of the server, under the Contact of both.
    await refreshed(one, blueSubscription, blueHeard);
    one.app.notify(redSubscription, '<red/>');
    expect((await redHeard.nextNotify()).body).toBe('<red/>');
    one.app.notify(blueSubscription, '<blue/>');
    expect((await blueHeard.nextNotify()).body).toBe('<blue/>');
    expect([red.requests.all.length, blue.requests.all.length]).toEqual([1, 1]);
  });

  test.runIf(TARGET_NAME === 'the double')('rule 4: no request names the placeholder', async () => {
    const phone = await rig.phone('udp');
    const [subscription, heard] = await subscribed(one, phone);
    one.app.notify(subscription, '<1/>');
    await heard.nextNotify();
    const sent = rig.target.double?.admin.received.filter((text) => text.includes('NOTIFY ')) ?? [];
    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain('NOTIFY sip:x@dialog.invalid SIP/2.0');
  });

  describe('rule 5: a phone that moved', () => {
    /** The same phone from another address: it refreshes its subscription from there. */
    async function moveTo(moved: Phone, heard: { callId: string; fromTag: string; toTag: string | null }) {
      return moved.request({
        method: 'SUBSCRIBE',
        uri: RESOURCE,
        callId: heard.callId,
        fromTag: heard.fromTag,
        toTag: heard.toTag ?? '',
        cseq: 2,
        headers: ['event', 'dialog', 'expires', '600'],
      });
    }

    test.each(['udp', 'tcp'] as const)(
      'gets its NOTIFYs over %s where it is now, out of dialog for good',
      async (transport) => {
        const contact = `sip:${randomToken()}@10.99.1.1:5060;transport=${transport}`;
        const phone = await rig.phone(transport, { contact });
        const [subscription, heard] = await subscribed(one, phone);
        one.app.notify(subscription, '<1/>');
        const first = await heard.nextNotify();
        await one.app.settlements.next();
        if (transport === 'tcp') await phone.close();
        const moved = await rig.phone(transport, { contact });
        const answer = moveTo(moved, heard);
        one.app.refresh(subscription, await one.app.requests.next());
        expect((await answer).status).toBe(200);
        expect(subscription.record.stack?.inDialog).toBe(false);
        for (const body of ['<2/>', '<3/>']) {
          one.app.notify(subscription, body);
          const notify = await moved.requests.next();
          expect(notify.body).toBe(body);
          expectSameDialog(notify, first);
          expect(notify.uri).toBe(contact);
          expect(cseqOf(notify)).toBe(subscription.cseq);
          expect((await one.app.settlements.next()).result).toEqual(OK);
        }
      },
    );

    test('RFC 3261 §12.2.1.1: gets them along its route set', async () => {
      const proxy = await rig.phone('udp');
      const route = `<sip:${proxy.hostPort};lr>`;
      const phone = await rig.phone('udp', { recordRoute: [route, '<sip:10.1.1.1;lr>'] });
      const [subscription, heard] = await subscribed(one, phone);
      phone.contact = phone.contact.replace('sip:', 'sip:moved-');
      await refreshed(one, subscription, heard);
      expect(subscription.record.stack?.inDialog).toBe(false);
      one.app.notify(subscription, '<2/>');
      const notify = await proxy.requests.next();
      expect(notify.uri).toBe(phone.contact);
      expect(headersOf(notify, 'route').join(', ')).toBe(`${route}, <sip:10.1.1.1;lr>`);
      expect((await one.app.settlements.next()).result).toEqual(OK);
    });

    test('keeps its first flow in the record, and stays out of dialog when it comes back', async () => {
      const phone = await rig.phone('udp');
      const [subscription, heard] = await subscribed(one, phone);
      const first = subscription.record.stack;
      const moved = await rig.phone('udp', { contact: phone.contact });
      const there = moveTo(moved, heard);
      one.app.refresh(subscription, await one.app.requests.next());
      await there;
      heard.cseq = 2;
      await refreshed(one, subscription, heard);
      expect(subscription.record.stack).toEqual({ ...first, inDialog: false });
    });

    test('is not served through the connection of another tenant: it forms a new dialog', async () => {
      const contact = 'sip:100@192.168.2.20:5060;transport=tcp';
      const red = await rig.phone('tcp', { contact });
      const [redSubscription, redHeard] = await subscribed(one, red);
      const redAgain = await rig.phone('tcp', { contact });
      const answer = moveTo(redAgain, redHeard);
      one.app.refresh(redSubscription, await one.app.requests.next());
      await answer;
      // The server takes, for every request outside a dialog, the connection of the last refresh of that Contact.
      const blue = await rig.phone('tcp', { contact });
      const [blueSubscription, blueHeard] = await subscribed(one, blue);
      await refreshed(one, blueSubscription, blueHeard);
      one.app.notify(redSubscription, '<red/>');
      expect((await one.app.settlements.next()).result).toEqual({ kind: 'unreachable' });
      expect(one.counts.get('misrouted')).toBe(1);
      await blue.requests.silent(100);
      const refusal = await redAgain.request({
        method: 'SUBSCRIBE',
        uri: RESOURCE,
        callId: redHeard.callId,
        fromTag: redHeard.fromTag,
        toTag: redHeard.toTag ?? '',
        cseq: 3,
        headers: ['event', 'dialog', 'expires', '600'],
      });
      expect(refusal.status).toBe(481);
      const [fresh, freshHeard] = await subscribed(one, redAgain);
      one.app.notify(fresh, '<red/>');
      expect((await freshHeard.nextNotify()).body).toBe('<red/>');
      await blue.requests.silent(1);
    });

    test('is found out when the cache of the server was filled before this edge came', async () => {
      const contact = 'sip:100@192.168.3.20:5060;transport=tcp';
      const blue = await rig.phone('tcp', { contact });
      const [blueSubscription, blueHeard] = await subscribed(one, blue);
      await refreshed(one, blueSubscription, blueHeard);
      await one.edge.stop();
      const next = await rig.startApp();
      blue.answer = () => ({ status: 481 });
      const red = await rig.phone('tcp', { contact });
      const [redSubscription] = await subscribed(next, red);
      const { stack } = redSubscription.record;
      redSubscription.record = { ...redSubscription.record, stack: stack && { ...stack, inDialog: false } };
      next.app.notify(redSubscription, '<red/>');
      const { result } = await next.app.settlements.next();
      expect(result).toEqual({ kind: 'unreachable' });
      expect(next.counts.get('misrouted')).toBe(1);
    });
  });

  describe('rule 6: drachtio-server forgets the dialog', () => {
    test.each([200, 408, 481, 503])('after a last NOTIFY that is answered %i', async (status) => {
      const phone = await rig.phone('udp');
      const [subscription, heard] = await subscribed(one, phone);
      expect(await knowsDialog(rig.target.server, dialogOf(subscription))).toBe(true);
      phone.answer = () => ({ status });
      one.app.notify(subscription, '', { last: true });
      await heard.notifies.until(({ method }) => method === 'NOTIFY');
      await one.app.settlements.next();
      one.edge.release(subscription, true);
      await forgotten(dialogOf(subscription));
      expect(phone.requests.all.filter(({ method }) => method === 'NOTIFY')).toHaveLength(1);
    });

    test('after release() alone: the phone hears a NOTIFY of no dialog of its own, and keeps its subscription', async () => {
      const phone = await rig.phone('udp');
      const [subscription, heard] = await subscribed(one, phone);
      phone.answer = ({ method, headers }) => ({
        status: method === 'NOTIFY' && !headers.includes(heard.callId) ? 481 : 200,
      });
      one.edge.release(subscription, false);
      await forgotten(dialogOf(subscription));
      const heardOf = phone.requests.all.filter(({ method }) => method === 'NOTIFY');
      expect(heardOf.map((notify) => heard.owns(notify))).toEqual([false]);
      await one.app.settlements.silent(1);
    });

    test('after release() though the phone is deaf', { timeout: 60_000 }, async () => {
      const phone = await rig.phone('udp');
      const [subscription] = await subscribed(one, phone);
      phone.answer = ({ method }) => (method === 'NOTIFY' ? null : { status: 200 });
      one.edge.release(subscription, false);
      await expect
        .poll(() => knowsDialog(rig.target.server, dialogOf(subscription)), {
          timeout: rig.target.timeoutMs + 5000,
        })
        .toBe(false);
    });

    test('after release() of a phone that had moved, and whose last NOTIFY went out of dialog', async () => {
      const phone = await rig.phone('udp');
      const [subscription, heard] = await subscribed(one, phone);
      phone.contact = phone.contact.replace('sip:', 'sip:moved-');
      await refreshed(one, subscription, heard);
      one.app.notify(subscription, '', { last: true });
      await heard.nextNotify();
      await one.app.settlements.next();
      expect(await knowsDialog(rig.target.server, dialogOf(subscription))).toBe(true);
      one.edge.release(subscription, true);
      await forgotten(dialogOf(subscription));
    });

    test('only after the last of two subscriptions in one dialog', async () => {
      const phone = await rig.phone('udp');
      const [dialogs, heard] = await subscribed(one, phone);
      one.app.notify(dialogs, '<1/>');
      await heard.nextNotify();
      await one.app.settlements.next();
      const answer = phone.request({
        method: 'SUBSCRIBE',
        uri: RESOURCE,
        callId: heard.callId,
        fromTag: heard.fromTag,
        toTag: heard.toTag ?? '',
        cseq: 2,
        headers: ['event', 'presence', 'expires', '600'],
      });
      const second = await one.app.requests.next();
      const presence = one.app.accept(second);
      await answer;
      const { record } = presence;
      presence.record = { ...record, dialog: { ...record.dialog, localTag: heard.toTag ?? '' } };
      presence.cseq = one.app.numbers.at(-1)?.cseq ?? 0;
      one.app.notify(presence, '', { last: true });
      expect(headerOf(await heard.nextNotify(), 'event')).toBe('presence');
      await one.app.settlements.next();
      one.edge.release(presence, true);
      expect(await knowsDialog(rig.target.server, dialogOf(dialogs))).toBe(true);
      one.app.notify(dialogs, '', { last: true });
      await heard.nextNotify();
      await one.app.settlements.next();
      one.edge.release(dialogs, true);
      await forgotten(dialogOf(dialogs));
    });
  });

  test('rule 8: drachtio-server refuses a header of more than 8192 octets itself', async () => {
    const phone = await rig.phone('udp');
    const response = await phone.request({
      method: 'SUBSCRIBE',
      uri: RESOURCE,
      headers: ['event', 'dialog', 'x-long', 'x'.repeat(8200)],
    });
    expect(response.status).toBe(400);
    await one.app.requests.silent(50);
  });

  describe('rule 9: after a restart of the application', () => {
    test('a refresh is answered 481 by drachtio-server, and NOTIFYs still go through', async () => {
      const phone = await rig.phone('udp');
      const [subscription, heard] = await subscribed(one, phone);
      one.app.notify(subscription, '<1/>');
      const first = await heard.nextNotify();
      await one.app.settlements.next();
      await one.edge.stop();
      const next = await rig.startApp();
      subscription.cache = null;
      next.app.notify(subscription, '<2/>');
      const second = await heard.nextNotify();
      expectSameDialog(second, first);
      expect(cseqOf(second)).toBe(cseqOf(first) + 1);
      expect((await heard.refresh(600)).status).toBe(481);
      await next.app.requests.silent(50);
    });

    test('a phone that re-uses Call-ID and From tag comes through once the old subscription is released', async () => {
      const phone = await rig.phone('udp');
      const [subscription, heard] = await subscribed(one, phone);
      await one.edge.stop();
      const next = await rig.startApp();
      subscription.cache = null;
      const request = {
        method: 'SUBSCRIBE',
        uri: RESOURCE,
        callId: heard.callId,
        fromTag: heard.fromTag,
        headers: ['event', 'dialog', 'expires', '600'],
      };
      expect((await phone.request({ ...request, cseq: 2 })).status).toBe(481);
      next.edge.release(subscription, false);
      await forgotten(dialogOf(subscription));
      const answer = phone.request({ ...request, cseq: 3 });
      const fresh = next.app.accept(await next.app.requests.next());
      expect((await answer).status).toBe(200);
      next.app.notify(fresh, '<new/>');
      const notify = await phone.requests.until(({ body }) => body === '<new/>');
      expect(tagOf(notify, 'from')).toBe(fresh.record.id);
    });
  });
});

function expectSameDialog(notify: SipRequest, first: SipRequest): void {
  expect(headerOf(notify, 'call-id')).toBe(headerOf(first, 'call-id'));
  expect(tagOf(notify, 'from')).toBe(tagOf(first, 'from'));
  expect(tagOf(notify, 'to')).toBe(tagOf(first, 'to'));
  expect(cseqOf(notify)).toBeGreaterThan(cseqOf(first));
}

function cseqOf(request: SipRequest): number {
  return parseCseq(headerOf(request, 'cseq') ?? '')?.number ?? -1;
}
