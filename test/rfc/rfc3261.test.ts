import { expect } from 'vitest';
import { headerOf, headersOf, type SipResponse } from '../../src/sip/message.ts';
import { parseVia } from '../../src/sip/via.ts';
import { readNotify } from '../support/lamp-document.ts';
import { type Phone, type PhoneRequest, randomToken, tagOf } from '../support/phone.ts';
import type { Stage } from '../support/rfc-stage.ts';
import { type Clause, testClauses } from './clauses.ts';
import { answerTo, eventually, subscribeText, subscribing, without } from './subscribe-text.ts';

/** How long an answer that must not come is waited for, in ms. */
const SILENCE = 300;
const MALFORMED = 'lamplighter_edge_events_total{event="malformed"}';

/** A request that is refused, and how. */
interface Refused {
  readonly name: string;
  readonly text: (phone: Phone) => string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, RegExp>>;
  /** drachtio-server answers it by itself, with this; null: not at all. */
  readonly byDrachtio?: number | null;
}

const ALLOW = { allow: /SUBSCRIBE.*OPTIONS/ };

/** A request of another method, outside any dialog. */
function other(method: string): (phone: Phone) => string {
  return (phone) => phone.write({ method, uri: 'sip:1001@127.0.0.1' });
}

/** A SUBSCRIBE that differs from a sound one. */
function subscribe(change: Partial<PhoneRequest>): (phone: Phone) => string {
  return (phone) => subscribeText(phone, change);
}

/** A SUBSCRIBE with more header fields. */
function withHeaders(...headers: readonly string[]): (phone: Phone) => string {
  return subscribe({ headers: ['event', 'dialog', 'expires', '3600', ...headers] });
}

/** A SUBSCRIBE with an edited text. */
function edited(edit: (text: string) => string): (phone: Phone) => string {
  return (phone) => edit(subscribeText(phone));
}

const REFUSED: readonly Refused[] = [
  ...['MESSAGE', 'REGISTER', 'INFO', 'NOTIFY'].map((method) => ({
    name: `RFC 3261 §8.2.1: ${method} is known but not served: 405 with Allow`,
    text: other(method),
    status: 405,
    headers: ALLOW,
  })),
  {
    name: 'RFC 3261 §8.2.1: UPDATE is known but not served: 405 with Allow',
    text: other('UPDATE'),
    status: 405,
    headers: ALLOW,
    byDrachtio: 481,
  },
  {
    name: 'RFC 3261 §21.5.2: a method of which nothing is known is 501 with Allow',
    text: other('DANCE'),
    status: 501,
    headers: ALLOW,
    byDrachtio: null,
  },
  {
    name: 'RFC 3261 §8.2.2.1: a Request-URI of another scheme is 416',
    text: subscribe({ uri: 'tel:+431234' }),
    status: 416,
  },
  {
    name: 'RFC 3261 §8.2.2.3: an option in Require that we lack is 420 with Unsupported',
    text: withHeaders('require', 'teleport'),
    status: 420,
    headers: { unsupported: /^teleport$/ },
  },
  {
    name: 'RFC 3261 §8.2.3: a body in a coding that we cannot undo is 415 with Accept-Encoding',
    text: withHeaders('content-encoding', 'gzip'),
    status: 415,
    headers: { 'accept-encoding': /identity/ },
  },
  {
    name: 'RFC 3261 §8.2.3: an INVITE with a body of another type than SDP is 415 with Accept',
    text: (phone) => {
      const headers = ['content-type', 'application/unknownformat'];
      return phone.write({ method: 'INVITE', uri: 'sip:1001@127.0.0.1', headers, body: '<audio/>' });
    },
    status: 415,
    headers: { accept: /application\/sdp/ },
  },
  {
    name: 'RFC 3261 §16.3: a SUBSCRIBE with Max-Forwards: 0 is 483',
    text: edited((text) => text.replace('Max-Forwards: 70', 'Max-Forwards: 0')),
    status: 483,
  },
  {
    name: 'RFC 3261 §12.2.2: a To tag of no dialog is 481',
    text: subscribe({ toTag: 'nobody', cseq: 2 }),
    status: 481,
  },
  {
    name: 'RFC 3261 §12.1.1: without a Contact there is no dialog: 400',
    text: edited((text) => without(text, 'Contact')),
    status: 400,
  },
  ...['From', 'To', 'Call-ID', 'CSeq'].map((field) => ({
    name: `RFC 3261 §8.1.1: a request without ${field} is 400`,
    text: edited((text) => without(text, field)),
    status: 400,
    byDrachtio: 400,
  })),
  {
    name: 'RFC 3261 §8.1.1.5: a CSeq of another method is 400',
    text: edited((text) => text.replace('CSeq: 1 SUBSCRIBE', 'CSeq: 1 NOTIFY')),
    status: 400,
    byDrachtio: 400,
  },
  {
    name: 'RFC 3261 §20.19: an Expires that is no number is 400',
    text: subscribe({ headers: ['event', 'dialog', 'expires', 'soon'] }),
    status: 400,
    byDrachtio: 400,
  },
];

function expectAnswer(
  { status, headers = {} }: Pick<Refused, 'status' | 'headers'>,
  response: SipResponse,
): void {
  expect(response.status).toBe(status);
  for (const [name, pattern] of Object.entries(headers)) expect(headerOf(response, name)).toMatch(pattern);
}

function clauseOf(refused: Refused): Clause {
  const { name, text, byDrachtio } = refused;
  const check = async (stage: Stage) => {
    const phone = await stage.phone();
    expectAnswer(refused, await answerTo(phone, text(phone)));
  };
  if (byDrachtio === undefined) return { name, check };
  const says = byDrachtio === null ? 'no answer' : `${byDrachtio}`;
  return { name, check, byDrachtio: { says, check: (stage) => expectByDrachtio(stage, refused) } };
}

async function expectByDrachtio(stage: Stage, { text, byDrachtio = null }: Refused): Promise<void> {
  const phone = await stage.phone();
  phone.send(text(phone));
  if (byDrachtio === null) await phone.responses.silent(SILENCE);
  else expect((await phone.responses.next()).status).toBe(byDrachtio);
}

const CLAUSES: readonly Clause[] = [
  ...REFUSED.map(clauseOf),
  {
    name: 'RFC 3261 §8.2.2: a header field that is malformed but not needed is ignored',
    check: (stage) => oddHeadersAre(stage, 200),
    byDrachtio: { says: 'what its own parser knows is 400', check: (stage) => oddHeadersAre(stage, 400) },
  },
  {
    name: 'RFC 3261 §8.2.2: a header field that is not known is ignored, whatever it holds',
    check: async (stage) => {
      const odd = ['x-odd', ';;,,;', 'x-quote', '"'];
      expect((await subscribing(await stage.phone(), 'event', 'dialog', ...odd)).status).toBe(200);
    },
  },
  {
    name: 'RFC 3261 §7.1: a request of another version of SIP is 505',
    check: versionIs505,
    byDrachtio: { says: '505', check: versionIs505 },
  },
  {
    name: 'RFC 3261 §8.2.2.2: the same request on another path is 482, and makes no second subscription',
    check: async (stage) => {
      const phone = await stage.phone();
      const same = { uri: stage.uri(), callId: randomToken(), fromTag: randomToken(), method: 'SUBSCRIBE' };
      const headers = ['event', 'dialog', 'expires', '600'];
      phone.send(phone.write({ ...same, headers, branch: `z9hG4bK${randomToken()}` }));
      phone.send(phone.write({ ...same, headers, branch: `z9hG4bK${randomToken()}` }));
      const statuses = [await phone.responses.next(), await phone.responses.next()].map(
        ({ status }) => status,
      );
      expect(statuses.toSorted()).toEqual([200, 482]);
      await phone.requests.next();
      await phone.requests.silent(SILENCE);
    },
  },
  {
    name: 'RFC 3261 §8.2.2.3: Require is not looked at in a CANCEL',
    check: (stage) => cancelWithRequire(stage),
  },
  {
    name: 'RFC 3261 §8.2.6.2: a response has Via, From, To, Call-ID and CSeq of its request, and a To tag',
    check: async (stage) => {
      const phone = await stage.phone();
      const [callId, fromTag, branch] = [randomToken(), randomToken(), `z9hG4bK${randomToken()}`];
      for (const event of ['dialog', 'nonsense']) {
        const own = `${callId}-${event}`;
        const response = await phone.request({
          method: 'SUBSCRIBE',
          uri: stage.uri(),
          callId: own,
          fromTag,
          branch: `${branch}-${event}`,
          cseq: 77,
          headers: ['event', event],
        });
        expect(headerOf(response, 'call-id')).toBe(own);
        expect(headerOf(response, 'cseq')).toBe('77 SUBSCRIBE');
        expect(tagOf(response, 'from')).toBe(fromTag);
        expect(tagOf(response, 'to')).not.toBe('');
        expect(parseVia(headerOf(response, 'via') ?? '')?.branch).toBe(`${branch}-${event}`);
      }
    },
  },
  {
    name: 'RFC 3261 §9.2: a CANCEL of nothing is 481',
    check: async (stage) => {
      const phone = await stage.phone();
      expect((await phone.request({ method: 'CANCEL', uri: stage.uri() })).status).toBe(481);
    },
  },
  {
    name: 'RFC 3261 §11.2: OPTIONS is answered with what we can do, also with Max-Forwards: 0',
    check: async (stage) => {
      const phone = await stage.phone();
      const text = other('OPTIONS')(phone).replace('Max-Forwards: 70', 'Max-Forwards: 0');
      const response = await answerTo(phone, text);
      expect(response.status).toBe(200);
      expect(headerOf(response, 'allow')).toContain('SUBSCRIBE');
      expect(headerOf(response, 'accept')).not.toBeNull();
    },
  },
  {
    name: 'RFC 3261 §12.1.1: the 2xx to a SUBSCRIBE has a Contact, and a refusal forms no dialog',
    check: async (stage) => {
      const phone = await stage.phone();
      const accepted = await subscribing(phone, 'event', 'dialog');
      expect(headerOf(accepted, 'contact')).toMatch(/^<sip:/);
      const refused = await subscribing(phone, 'event', 'nonsense');
      expect(headerOf(refused, 'contact')).toBeNull();
    },
  },
  {
    name: 'RFC 3261 §12.2.2: a CSeq that does not grow is 500, and the dialog stays',
    check: async (stage) => {
      const phone = await stage.phone();
      const subscription = await phone.subscribe(stage.uri());
      await subscription.nextNotify();
      await subscription.refresh(600);
      await subscription.nextNotify();
      subscription.cseq -= 2;
      expect((await subscription.refresh(600)).status).toBe(500);
      subscription.cseq += 10;
      expect((await subscription.refresh(600)).status).toBe(200);
    },
  },
  {
    name: 'RFC 3261 §12.2.1.1: the CSeq of NOTIFYs in a dialog grows by one',
    check: async (stage) => {
      const phone = await stage.phone();
      const subscription = await phone.subscribe(stage.uri());
      const first = readNotify(await subscription.nextNotify());
      await stage.set(subscription.uri, 'busy');
      expect(readNotify(await subscription.nextNotify()).cseq).toBe(first.cseq + 1);
    },
  },
  {
    name: 'RFC 3261 §17.2.2: a SUBSCRIBE that comes again is answered with the same response, and brings one NOTIFY',
    check: async (stage) => {
      const phone = await stage.phone();
      const text = subscribeText(phone, { uri: stage.uri() });
      await answerTo(phone, text);
      await phone.requests.next();
      await answerTo(phone, text);
      await phone.requests.silent(SILENCE);
      const finals = phone.texts.filter((each) => each.startsWith('SIP/2.0 200'));
      expect(finals).toHaveLength(2);
      expect(new Set(finals).size).toBe(1);
    },
  },
  {
    name: 'RFC 3261 §18.2.1: a Via whose sent-by is not the source gets received',
    check: async (stage) => {
      const phone = await stage.phone();
      const text = subscribeText(phone).replace(
        /^Via: SIP\/2.0\/UDP [^;]+/m,
        'Via: SIP/2.0/UDP 192.0.2.99:5060',
      );
      const via = parseVia(headerOf(await answerTo(phone, text), 'via') ?? '');
      expect(via).toMatchObject({ host: '192.0.2.99', received: '127.0.0.1' });
    },
  },
  {
    name: 'RFC 3261 §18.2.2: without a Via there is nothing to answer by: it is dropped and counted',
    check: async (stage) => {
      const phone = await stage.phone();
      const before = await stage.metric(MALFORMED);
      phone.send(without(subscribeText(phone), 'Via'));
      await eventually(async () => (await stage.metric(MALFORMED)) > before);
      expect((await answerTo(phone, subscribeText(phone))).status).toBe(200);
      expect(phone.responses.all).toHaveLength(1);
    },
    byDrachtio: {
      says: 'it is dropped there',
      check: async (stage) => {
        const phone = await stage.phone();
        phone.send(without(subscribeText(phone), 'Via'));
        expect((await answerTo(phone, subscribeText(phone))).status).toBe(200);
        expect(phone.responses.all).toHaveLength(1);
      },
    },
  },
  {
    name: 'RFC 3261 §18.3: on a stream every message has Content-Length, and NOTIFYs come on the stream of the phone',
    check: async (stage) => {
      const phone = await stage.phone('tcp');
      const subscription = await phone.subscribe(stage.uri());
      const notify = await subscription.nextNotify();
      expect(headerOf(notify, 'content-length')).toBe(`${notify.body.length}`);
      expect(subscription.response && headerOf(subscription.response, 'content-length')).toBe('0');
    },
  },
  {
    name: 'RFC 3261 §18.3: requests on a stream are told apart, however its octets arrive',
    check: async (stage) => {
      const phone = await stage.phone('tcp');
      const text = other('OPTIONS')(phone) + other('OPTIONS')(phone);
      const cut = text.indexOf('Call-ID');
      phone.send(text.slice(0, cut));
      await new Promise((resolve) => setTimeout(resolve, 20));
      phone.send(text.slice(cut));
      expect((await phone.responses.next()).status).toBe(200);
      expect((await phone.responses.next()).status).toBe(200);
    },
  },
  {
    name: 'RFC 3261 §18.3: a datagram with less body than Content-Length says is 400',
    check: async (stage) => {
      const phone = await stage.phone();
      const text = subscribeText(phone).replace('Content-Length: 0', 'Content-Length: 9');
      expect((await answerTo(phone, text)).status).toBe(400);
    },
  },
  {
    name: 'RFC 3261 §7.3.3: compact header names mean the same',
    check: async (stage) => {
      const phone = await stage.phone();
      const compact = { Via: 'v', From: 'f', To: 't', 'Call-ID': 'i', Contact: 'm', Event: 'o' };
      const text = Object.entries(compact).reduce(
        (written, [name, short]) => written.replace(new RegExp(`^${name}: `, 'm'), `${short}: `),
        subscribeText(phone),
      );
      expect((await answerTo(phone, text)).status).toBe(200);
      expect(headerOf(await phone.requests.next(), 'event')).toBe('dialog');
    },
  },
  {
    name: 'RFC 3261 §8.2.6.1: no non-INVITE request gets a 100',
    check: async (stage) => {
      const phone = await stage.phone();
      await subscribing(phone, 'event', 'dialog');
      expect(phone.responses.all.map(({ status }) => status)).toEqual([200]);
    },
  },
  {
    name: 'RFC 3261 §16.6: a list of Via values is copied as it is, the top one first',
    check: async (stage) => {
      const phone = await stage.phone();
      const below = 'SIP/2.0/TCP 192.0.2.7;branch=z9hG4bKbelow';
      const text = subscribeText(phone).replace(/^(Via: .*\r\n)/m, `$1Via: ${below}\r\n`);
      const vias = headersOf(await answerTo(phone, text), 'via').join(', ');
      expect(vias.endsWith(below)).toBe(true);
    },
  },
];

async function oddHeadersAre(stage: Stage, status: number): Promise<void> {
  for (const odd of [
    ['date', 'yesterday'],
    ['reply-to', '<<'],
  ]) {
    expect((await subscribing(await stage.phone(), 'event', 'dialog', ...odd)).status).toBe(status);
  }
}

async function versionIs505(stage: Stage): Promise<void> {
  const phone = await stage.phone();
  const text = subscribeText(phone).replace(' SIP/2.0\r\n', ' SIP/7.0\r\n');
  expect((await answerTo(phone, text)).status).toBe(505);
}

async function cancelWithRequire(stage: Stage): Promise<void> {
  const phone = await stage.phone();
  const response = await phone.request({
    method: 'CANCEL',
    uri: stage.uri(),
    headers: ['require', 'teleport'],
  });
  expect(response.status).toBe(481);
}

testClauses(CLAUSES);
