import { expect } from 'vitest';
import { headerOf, headersOf, type SipRequest } from '../../src/sip/message.ts';
import { readNotify } from '../support/lamp-document.ts';
import { type Phone, type PhoneSubscription, randomToken, tagOf } from '../support/phone.ts';
import { MIN_EXPIRES, type Stage } from '../support/rfc-stage.ts';
import { type Clause, testClauses } from './clauses.ts';
import { eventually, subscribing } from './subscribe-text.ts';

/** How long a NOTIFY that must not come is waited for, in ms. */
const SILENCE = 300;

/** A phone with a subscription whose first NOTIFY has come. */
async function watching(
  stage: Stage,
  options: Parameters<Phone['subscribe']>[1] = {},
): Promise<{
  readonly phone: Phone;
  readonly subscription: PhoneSubscription;
  readonly first: SipRequest;
  readonly uri: string;
}> {
  const phone = await stage.phone();
  const uri = stage.uri();
  const subscription = await phone.subscribe(uri, options);
  return { phone, subscription, first: await subscription.nextNotify(), uri };
}

function stateOf(notify: SipRequest): string {
  return headerOf(notify, 'subscription-state') ?? '';
}

/** D.1 13: each of these removes the subscription. */
const ENDING = [404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604];
/** The others do not. */
const KEEPING = [400, 401, 403, 407, 408, 491, 500, 503, 606];

const ENDS: readonly Clause[] = ENDING.map((status) => ({
  name: `RFC 6665 §4.2.2: a NOTIFY answered ${status} removes the subscription`,
  check: async (stage) => {
    const { phone, subscription, uri } = await watching(stage);
    phone.answer = () => ({ status });
    await stage.set(uri, 'busy');
    await subscription.nextNotify();
    phone.answer = () => ({ status: 200 });
    expect((await subscription.refresh(600)).status).toBe(481);
  },
}));

const KEEPS: readonly Clause[] = KEEPING.map((status) => ({
  name: `RFC 6665 §4.2.2: a NOTIFY answered ${status} leaves the subscription, and the newest state is sent again`,
  check: async (stage) => {
    const { phone, subscription, uri } = await watching(stage);
    phone.answer = () => ({ status, headers: status === 503 ? ['retry-after', '1'] : [] });
    await stage.set(uri, 'busy');
    await subscription.nextNotify();
    phone.answer = () => ({ status: 200 });
    await stage.set(uri, 'ringing');
    const newest = async () => readNotify(await subscription.nextNotify()).lamp;
    while ((await newest()) !== 'early');
    expect((await subscription.refresh(600)).status).toBe(200);
  },
}));

const CLAUSES: readonly Clause[] = [
  {
    name: 'RFC 6665 §4.2.1: without a subscription there is no NOTIFY, nor after one that was refused',
    check: async (stage) => {
      const phone = await stage.phone();
      const uri = stage.uri();
      await phone.request({ method: 'OPTIONS', uri });
      expect((await phone.subscribe(uri, { event: 'nonsense' })).status).toBe(489);
      await stage.set(uri, 'busy');
      await phone.requests.silent(SILENCE);
    },
  },
  {
    name: 'RFC 6665 §4.2.3: a SUBSCRIBE without Event is 489 with Allow-Events',
    check: async (stage) => {
      const missing = await subscribing(await stage.phone(), 'expires', '600');
      expect(missing.status).toBe(489);
      expect(headerOf(missing, 'allow-events')).toContain('dialog');
    },
  },
  {
    name: 'RFC 6665 §8.2.1: a SUBSCRIBE with two Events is 489',
    check: (stage) => twoEventsAre(stage, 489),
    byDrachtio: { says: '400', check: (stage) => twoEventsAre(stage, 400) },
  },
  {
    name: 'RFC 6665 §4.2.1.1: an event package that is not known is 489 with Allow-Events',
    check: async (stage) => {
      const refused = await subscribing(await stage.phone(), 'event', 'nonsense', 'expires', '600');
      expect(refused.status).toBe(489);
      expect(headerOf(refused, 'allow-events')).toMatch(/\bdialog\b.*\bpresence\b/);
    },
  },
  {
    name: 'RFC 6665 §8.2.1: the names of event packages are compared, their parameters are not part of them',
    check: async (stage) => {
      const { first } = await watching(stage, { event: 'dialog;sla;id=a1' });
      expect(headerOf(first, 'event')).toMatch(/^dialog;id=a1/);
    },
  },
  {
    name: 'RFC 6665 §4.4.4: 2xx and OPTIONS list every event package in Allow-Events',
    check: async (stage) => {
      const phone = await stage.phone();
      const accepted = await subscribing(phone, 'event', 'dialog', 'expires', '600');
      const options = await phone.request({ method: 'OPTIONS', uri: stage.uri() });
      expect(options.status).toBe(200);
      expect(headerOf(options, 'allow-events')).toMatch(/\bdialog\b.*\bpresence\b/);
      expect(headerOf(accepted, 'allow-events')).toBe(headerOf(options, 'allow-events'));
    },
  },
  {
    name: 'RFC 6665 §8.2.1: Event is in no response',
    check: async (stage) => {
      const phone = await stage.phone();
      for (const event of ['dialog', 'nonsense']) {
        expect(headerOf(await subscribing(phone, 'event', event), 'event')).toBeNull();
      }
    },
  },
  {
    name: 'RFC 6665 §4.1.2.1: an Accept without a type of the package is 406',
    check: async (stage) => {
      const phone = await stage.phone();
      const refused = await subscribing(phone, 'event', 'dialog', 'accept', 'application/pidf+xml, text/*');
      expect(refused.status).toBe(406);
      expect(headerOf(refused, 'accept')).toContain('application/dialog-info+xml');
    },
  },
  ...['application/*', '*/*', 'text/plain, application/dialog-info+xml;q=0.5'].map((accept) => ({
    name: `RFC 6665 §3.1.3: Accept: ${accept} is satisfied by the package's own type`,
    check: async (stage: Stage) => {
      const { first } = await watching(stage, { headers: ['accept', accept] });
      expect(headerOf(first, 'content-type')).toBe('application/dialog-info+xml');
    },
  })),
  {
    name: 'RFC 6665 §3.2.1: without Accept the body has the default type of the package',
    check: async (stage) => {
      const { first } = await watching(stage, { event: 'presence' });
      expect(headerOf(first, 'content-type')).toBe('application/pidf+xml');
    },
  },
  {
    name: 'RFC 6665 §4.2.1.1: an Expires between 0 and the minimum is 423 with Min-Expires',
    check: async (stage) => {
      const refused = await subscribing(await stage.phone(), 'event', 'dialog', 'expires', '1');
      expect(refused.status).toBe(423);
      expect(headerOf(refused, 'min-expires')).toBe(`${MIN_EXPIRES}`);
    },
  },
  {
    name: 'RFC 6665 §4.2.1.4: a refresh that is too brief is 423, and the subscription stays',
    check: async (stage) => {
      const { subscription, uri } = await watching(stage);
      const refused = await subscription.refresh(1);
      expect(refused.status).toBe(423);
      expect(headerOf(refused, 'min-expires')).toBe(`${MIN_EXPIRES}`);
      await stage.set(uri, 'busy');
      expect(readNotify(await subscription.nextNotify()).lamp).toBe('confirmed');
    },
  },
  ...['3600', '3601', '86400', '4294967295'].map((expires) => ({
    name: `RFC 6665 §4.2.1.1: Expires: ${expires} is never too brief, and §3.1.1: what is granted is not longer`,
    check: async (stage: Stage) => {
      const accepted = await subscribing(await stage.phone(), 'event', 'dialog', 'expires', expires);
      expect(accepted.status).toBe(200);
      const granted = Number(headerOf(accepted, 'expires'));
      expect(granted).toBeGreaterThan(0);
      expect(granted).toBeLessThanOrEqual(Number(expires));
    },
  })),
  {
    name: 'RFC 6665 §3.1.1: without Expires the 2xx has one, not above the default of the package',
    check: async (stage) => {
      const accepted = await subscribing(await stage.phone(), 'event', 'dialog');
      expect(accepted.status).toBe(200);
      expect(Number(headerOf(accepted, 'expires'))).toBeGreaterThan(0);
      expect(Number(headerOf(accepted, 'expires'))).toBeLessThanOrEqual(3600);
    },
  },
  {
    name: 'RFC 6665 §8.3.1: accepted is 200, never 202; an ID that nobody has ever set too',
    check: async (stage) => {
      const { subscription } = await watching(stage);
      expect(subscription.status).toBe(200);
      expect((await subscription.refresh(600)).status).toBe(200);
    },
  },
  {
    name: 'RFC 6665 §4.2.1.2: acceptance is followed at once by a NOTIFY with the current state',
    check: async (stage) => {
      const uri = stage.uri();
      await stage.set(uri, 'ringing');
      const phone = await stage.phone();
      const subscription = await phone.subscribe(uri);
      expect(readNotify(await subscription.nextNotify()).lamp).toBe('early');
    },
  },
  {
    name: 'RFC 6665 §4.2.2: a refresh is followed at once by a NOTIFY with the current state',
    check: async (stage) => {
      const { subscription, uri } = await watching(stage);
      await stage.set(uri, 'busy');
      await subscription.nextNotify();
      await subscription.refresh(600);
      expect(readNotify(await subscription.nextNotify()).lamp).toBe('confirmed');
    },
  },
  {
    name: 'RFC 6665 §4.2.1.3: who is not asked to authenticate is not refused for credentials, and never with 407',
    check: async (stage) => {
      const phone = await stage.phone();
      const unasked = ['authorization', 'Unknown x="1"', 'proxy-authorization', 'Unknown x="1"'];
      expect((await subscribing(phone, 'event', 'dialog', ...unasked)).status).toBe(200);
    },
  },
  {
    name: 'RFC 6665 §4.2.1.1: the final response waits for nobody: there is no provisional one',
    check: async (stage) => {
      const { phone } = await watching(stage);
      expect(phone.responses.all.map(({ status }) => status)).toEqual([200]);
    },
  },
  {
    name: 'RFC 6665 §4.2.2: an active NOTIFY says the seconds that are left, never more than were granted',
    check: async (stage) => {
      const { subscription, first } = await watching(stage, { expires: 600 });
      const left = /^active;expires=(\d+)$/.exec(stateOf(first))?.[1];
      expect(Number(left)).toBeGreaterThan(0);
      expect(Number(left)).toBeLessThanOrEqual(Number(headerOf(subscription.response ?? first, 'expires')));
    },
  },
  {
    name: 'RFC 6665 §4.2.1.4: Expires: 0 is 200, and the last NOTIFY is terminated;reason=timeout without expires',
    check: async (stage) => {
      const { subscription, uri } = await watching(stage);
      const ended = await subscription.refresh(0);
      expect(ended.status).toBe(200);
      expect(headerOf(ended, 'expires')).toBe('0');
      expect(stateOf(await subscription.nextNotify())).toBe('terminated;reason=timeout');
      await stage.set(uri, 'busy');
      await subscription.notifies.silent(SILENCE);
      expect((await subscription.refresh(600)).status).toBe(481);
    },
  },
  {
    name: 'RFC 6665 §4.2.2: a subscription that runs out is told so (§4.1.3: timeout)',
    check: async (stage) => {
      const { subscription } = await watching(stage, { expires: MIN_EXPIRES });
      expect(stateOf(await subscription.nextNotify())).toBe('terminated;reason=timeout');
      expect((await subscription.refresh(600)).status).toBe(481);
    },
  },
  {
    name: 'RFC 6665 §4.4.3: a SUBSCRIBE outside a dialog with Expires: 0 fetches: one NOTIFY with the state',
    check: async (stage) => {
      const uri = stage.uri();
      await stage.set(uri, 'busy');
      const phone = await stage.phone();
      const fetch = await phone.subscribe(uri, { expires: 0 });
      expect(fetch.status).toBe(200);
      expect(headerOf(fetch.response ?? expect.fail('no response'), 'expires')).toBe('0');
      const only = readNotify(await fetch.nextNotify());
      expect(only).toMatchObject({ lamp: 'confirmed', subscriptionState: 'terminated;reason=timeout' });
      await stage.set(uri, 'ringing');
      await fetch.notifies.silent(SILENCE);
    },
  },
  ...ENDS,
  ...KEEPS,
  {
    name: 'RFC 6665 §4.2.2: a subscription over a stream ends with the stream that its phone cannot be called back on',
    check: async (stage) => {
      const phone = await stage.phone('tcp', { contact: 'sip:gone@127.0.0.1:9;transport=tcp' });
      const subscription = await phone.subscribe(stage.uri());
      await subscription.nextNotify();
      await phone.close();
      await stage.set(subscription.uri, 'busy');
      const again = await stage.phone('udp');
      const refresh = () => {
        subscription.cseq += 1;
        return again.request({
          method: 'SUBSCRIBE',
          uri: subscription.uri,
          callId: subscription.callId,
          fromTag: subscription.fromTag,
          toTag: subscription.toTag ?? '',
          cseq: subscription.cseq,
          headers: ['event', 'dialog', 'expires', '0'],
        });
      };
      await eventually(async () => (await refresh()).status === 481);
    },
  },
  {
    name: 'RFC 6665 §4.4.1: the From tag of NOTIFYs is the To tag of the 200, their Call-ID and To tag those of the phone',
    check: async (stage) => {
      const { subscription, first } = await watching(stage);
      expect(tagOf(first, 'from')).toBe(subscription.toTag);
      expect(tagOf(first, 'to')).toBe(subscription.fromTag);
      expect(headerOf(first, 'call-id')).toBe(subscription.callId);
    },
  },
  {
    name: 'RFC 6665 §4.4.1: the NOTIFY goes to the Contact of the SUBSCRIBE, and a refresh changes that',
    check: async (stage) => {
      const { phone, subscription, first } = await watching(stage);
      expect(first.uri).toBe(phone.contact);
      phone.contact = `sip:moved-${randomToken()}@${phone.hostPort}`;
      await subscription.refresh(600);
      expect((await subscription.nextNotify()).uri).toBe(phone.contact);
    },
  },
  {
    name: 'RFC 3261 §12.1.1, for RFC 6665 §4.4.1: Record-Route is echoed, and is the Route of NOTIFYs in received order',
    check: async (stage) => {
      const proxy = await stage.phone();
      const routes = [`<sip:${proxy.hostPort};lr>`, '<sip:second.example.com;lr>'];
      const phone = await stage.phone('udp', { recordRoute: routes });
      const { response } = await phone.subscribe(stage.uri());
      expect(response && headersOf(response, 'record-route').join(', ')).toBe(routes.join(', '));
      const notify = await proxy.requests.next();
      expect(headersOf(notify, 'route').join(', ')).toBe(routes.join(', '));
    },
  },
  {
    name: 'RFC 6665 §4.5.2: the id of Event is in every NOTIFY',
    check: async (stage) => {
      const { subscription, first, uri } = await watching(stage, { event: 'dialog;id=key7' });
      await stage.set(uri, 'busy');
      for (const notify of [first, await subscription.nextNotify()]) {
        expect(headerOf(notify, 'event')).toBe('dialog;id=key7');
      }
    },
  },
  {
    name: 'RFC 6665 §4.5.2: another id in the same dialog would be a second subscription there: 403, the first one stays',
    check: async (stage) => {
      const { phone, subscription, uri } = await watching(stage, { event: 'dialog;id=one' });
      const second = await phone.request({
        method: 'SUBSCRIBE',
        uri: subscription.remoteTarget,
        callId: subscription.callId,
        fromTag: subscription.fromTag,
        toTag: subscription.toTag ?? '',
        cseq: 2,
        headers: ['event', 'dialog;id=two', 'expires', '600'],
      });
      expect(second.status).toBe(403);
      await stage.set(uri, 'busy');
      expect(headerOf(await subscription.nextNotify(), 'event')).toBe('dialog;id=one');
    },
  },
  {
    name: 'RFC 6665 §4.6: a CANCEL of a SUBSCRIBE is answered 200, and changes nothing',
    check: cancelChangesNothing,
  },
  {
    name: 'RFC 6665 §4.5.1: the Contact of 200 and NOTIFY is one at which refreshes arrive',
    check: async (stage) => {
      const { subscription, first } = await watching(stage);
      expect(headerOf(first, 'contact')).toMatch(/^<sip:[^>]+>$/);
      expect(subscription.remoteTarget).toContain(`:${stage.place('udp').port}`);
      expect((await subscription.refresh(600)).status).toBe(200);
    },
  },
  {
    name: 'RFC 6665 §5.3.2: a version grows by one with every NOTIFY of a subscription, and no state is a delta',
    check: async (stage) => {
      const { subscription, first, uri } = await watching(stage);
      await stage.set(uri, 'busy');
      const second = await subscription.nextNotify();
      await subscription.refresh(600);
      const notifies = [first, second, await subscription.nextNotify()];
      expect(notifies.map((notify) => readNotify(notify).version)).toEqual([0, 1, 2]);
      for (const notify of notifies) expect(notify.body).toContain('state="full"');
    },
  },
  {
    name: 'RFC 6665 §6.4: a SUBSCRIBE that is played back is answered 500, and brings no NOTIFY',
    check: async (stage) => {
      const { subscription } = await watching(stage);
      await subscription.refresh(600);
      await subscription.nextNotify();
      subscription.cseq -= 1;
      expect((await subscription.refresh(0)).status).toBe(500);
      await subscription.notifies.silent(SILENCE);
    },
  },
];

async function twoEventsAre(stage: Stage, status: number): Promise<void> {
  const repeated = await subscribing(await stage.phone(), 'event', 'dialog', 'event', 'presence');
  expect(repeated.status).toBe(status);
}

async function cancelChangesNothing(stage: Stage): Promise<void> {
  const phone = await stage.phone();
  const uri = stage.uri();
  const same = { uri, callId: randomToken(), branch: `z9hG4bK${randomToken()}`, fromTag: randomToken() };
  const headers = ['event', 'dialog', 'expires', '600'];
  expect((await phone.request({ ...same, method: 'SUBSCRIBE', headers })).status).toBe(200);
  await phone.requests.next();
  expect((await phone.request({ ...same, method: 'CANCEL' })).status).toBe(200);
  await stage.set(uri, 'busy');
  expect(readNotify(await phone.requests.next()).lamp).toBe('confirmed');
}

testClauses(CLAUSES);
