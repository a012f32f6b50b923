import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headerOf, type SipResponse } from '../../src/sip/message.ts';
import { readNotify } from '../support/lamp-document.ts';
import { type LamplighterProcess, startLamplighter } from '../support/lamplighter-process.ts';
import { openPhone, type Phone, type PhoneRequest, randomToken } from '../support/phone.ts';

const LONGEST = 4000;
const PACKAGES = 'dialog, presence, message-summary, dialog.winfo, presence.winfo';

const open = new AsyncDisposableStack();
let lamplighter: LamplighterProcess;
/** One whose `realms` are fixed. */
let strict: LamplighterProcess;

beforeAll(async () => {
  const limits = { LAMPLIGHTER_SIP_MAX_MESSAGE_BYTES: `${LONGEST}` };
  const realms = { LAMPLIGHTER_REALMS: 'acme.example=sip.acme.example' };
  const started = await Promise.all([startLamplighter(limits), startLamplighter(realms)]);
  for (const each of started) open.use(each);
  [lamplighter, strict] = started;
});
afterAll(() => open.disposeAsync());

type Transport = 'udp' | 'tcp';

async function phoneOn(transport: Transport, server: LamplighterProcess = lamplighter): Promise<Phone> {
  const phone = await openPhone({ transport, server: server.place(transport) });
  open.defer(() => phone.close());
  return phone;
}

/** A SUBSCRIBE that is fine but for what a case changes. */
function subscribeText(phone: Phone, change: Partial<PhoneRequest> = {}): string {
  const headers = ['event', 'dialog', 'expires', '3600'];
  return phone.write({ method: 'SUBSCRIBE', uri: 'sip:1001@127.0.0.1', headers, ...change });
}

async function answerTo(phone: Phone, text: string): Promise<SipResponse> {
  phone.send(text);
  return phone.responses.next();
}

function without(text: string, name: string): string {
  return text.replace(new RegExp(`^${name}: .*\r\n`, 'm'), '');
}

function twice(text: string, name: string): string {
  return text.replace(new RegExp(`^(${name}: .*\r\n)`, 'm'), '$1$1');
}

interface Case {
  readonly name: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text: (phone: Phone) => string;
}

const subscribing = (...headers: string[]) => ({ text: (phone: Phone) => subscribeText(phone, { headers }) });

const CASES: readonly Case[] = [
  {
    name: 'no Event: 489 (RFC 6665 §4.1.3)',
    status: 489,
    headers: { 'allow-events': PACKAGES },
    ...subscribing(),
  },
  {
    name: 'two Events: 489 (RFC 6665 §8.2.1)',
    status: 489,
    headers: { 'allow-events': PACKAGES },
    ...subscribing('event', 'dialog', 'event', 'presence'),
  },
  {
    name: 'an unknown package: 489 (RFC 6665 §4.2.1.1)',
    status: 489,
    headers: { 'allow-events': PACKAGES },
    ...subscribing('event', 'conference'),
  },
  {
    name: 'an Accept that excludes us: 406 (RFC 6665 §4.2.1.1)',
    status: 406,
    headers: { accept: 'application/dialog-info+xml' },
    ...subscribing('event', 'dialog', 'accept', 'application/pidf+xml'),
  },
  {
    name: 'an Expires below the minimum: 423 (RFC 6665 §4.2.1.1)',
    status: 423,
    headers: { 'min-expires': '60' },
    ...subscribing('event', 'dialog', 'expires', '59'),
  },
  {
    name: 'an Expires that is no number: 400',
    status: 400,
    ...subscribing('event', 'dialog', 'expires', 'soon'),
  },
  {
    name: 'an option we lack: 420 (RFC 3261 §8.2.2.3)',
    status: 420,
    headers: { unsupported: 'teleport' },
    ...subscribing('event', 'dialog', 'require', 'teleport'),
  },
  {
    name: 'a To tag of nobody: 481 (RFC 3261 §12.2.2)',
    status: 481,
    text: (phone) => subscribeText(phone, { toTag: 'nobody', cseq: 2 }),
  },
  {
    name: 'no hop left: 483 (RFC 3261 §16.3)',
    status: 483,
    text: (phone) => subscribeText(phone).replace('Max-Forwards: 70', 'Max-Forwards: 0'),
  },
  {
    name: 'a body too long: 413 (RFC 3261 §21.4.11)',
    status: 413,
    text: (phone) => subscribeText(phone, { body: 'x'.repeat(LONGEST + 1) }),
  },
  {
    name: 'a scheme that is not SIP: 416 (RFC 3261 §8.2.2.1)',
    status: 416,
    text: (phone) => subscribeText(phone, { uri: 'tel:+431234' }),
  },
  ...['Contact', 'Call-ID', 'From', 'To', 'CSeq'].map((name) => ({
    name: `no ${name}: 400 (RFC 3261 §8.1.1)`,
    status: 400,
    text: (phone: Phone) => without(subscribeText(phone), name),
  })),
  ...['Call-ID', 'From', 'To', 'CSeq', 'Contact'].map((name) => ({
    name: `${name} twice: 400`,
    status: 400,
    text: (phone: Phone) => twice(subscribeText(phone), name),
  })),
  ...(
    [
      ['REGISTER', 405, '§8.2.1'],
      ['MESSAGE', 405, '§8.2.1'],
      ['NOTIFY', 405, '§8.2.1'],
      ['DANCE', 501, '§21.5.2'],
    ] as const
  ).map(([method, status, clause]) => ({
    name: `the method ${method}: ${status} (RFC 3261 ${clause})`,
    status,
    headers: { allow: 'SUBSCRIBE, PUBLISH, INVITE, ACK, CANCEL, BYE, OPTIONS' },
    text: (phone: Phone) => phone.write({ method, uri: 'sip:1001@127.0.0.1' }),
  })),
];

describe.concurrent.each(['udp', 'tcp'] as const)('bad SIP over %s is refused once:', (transport) => {
  test.for(CASES)('$name', async ({ status, headers = {}, text }) => {
    const phone = await phoneOn(transport);
    const response = await answerTo(phone, text(phone));
    expect(response.status).toBe(status);
    for (const [name, value] of Object.entries(headers)) expect(headerOf(response, name)).toBe(value);
    expect(phone.responses.all).toHaveLength(1);
  });

  test('a realm that is not listed: 404', async () => {
    const phone = await phoneOn(transport, strict);
    const strange = await answerTo(phone, subscribeText(phone, { uri: 'sip:1001@other.example' }));
    expect(strange.status).toBe(404);
    const known = await answerTo(phone, subscribeText(phone, { uri: 'sip:1001@SIP.acme.example:5999;x=y' }));
    expect(known.status).toBe(200);
  });

  test('a CSeq that does not grow: 500 (RFC 3261 §12.2.2), and the subscription stays', async () => {
    const id = `lamp-${randomToken()}`;
    const phone = await phoneOn(transport);
    const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`);
    await subscription.nextNotify();
    subscription.cseq -= 1;
    expect((await subscription.refresh(600)).status).toBe(500);
    await lamplighter.set(id, 'busy');
    expect(readNotify(await subscription.nextNotify()).lamp).toBe('confirmed');
    expect((await subscription.refresh(600)).status).toBe(200);
  });

  test('the Call-ID of another dialog with our tag: 481, and the subscription stays', async () => {
    const phone = await phoneOn(transport);
    const subscription = await phone.subscribe('sip:1001@127.0.0.1');
    await subscription.nextNotify();
    const stolen = await phone.request({
      method: 'SUBSCRIBE',
      uri: 'sip:1001@127.0.0.1',
      toTag: subscription.toTag ?? '',
      cseq: 9,
      headers: ['event', 'dialog', 'expires', '0'],
    });
    expect(stolen.status).toBe(481);
    expect((await subscription.refresh(600)).status).toBe(200);
  });

  test.for([
    ['60', 200],
    ['0', 200],
    ['4294967295', 200],
    ['99999999999', 200],
  ] as const)('but not Expires: %s', async ([expires, status]) => {
    const phone = await phoneOn(transport);
    const response = await answerTo(
      phone,
      subscribeText(phone, { headers: ['event', 'dialog', 'expires', expires] }),
    );
    expect(response.status).toBe(status);
    expect(Number(headerOf(response, 'expires'))).toBeLessThanOrEqual(3600);
  });
});

const GARBAGE = [
  '\x00\x01\x02\xff'.repeat(50),
  'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
  'SIP/2.0 banana\r\n\r\n',
  'x',
];

describe.concurrent('garbage', () => {
  test('in datagrams is dropped and counted, and the next request is served', async () => {
    const before = await lamplighter.metric(MALFORMED);
    const phone = await phoneOn('udp');
    for (const garbage of GARBAGE) phone.send(garbage);
    const response = await answerTo(phone, subscribeText(phone));
    expect(response.status).toBe(200);
    expect(phone.responses.all).toHaveLength(1);
    expect(await lamplighter.metric(MALFORMED)).toBeGreaterThanOrEqual(before + GARBAGE.length);
  });

  test('includes a request without Via: there is nothing to answer it by (RFC 3261 §18.2.2)', async () => {
    const before = await lamplighter.metric(MALFORMED);
    const phone = await phoneOn('udp');
    phone.send(without(subscribeText(phone), 'Via'));
    expect((await answerTo(phone, subscribeText(phone))).status).toBe(200);
    expect(phone.responses.all).toHaveLength(1);
    expect(await lamplighter.metric(MALFORMED)).toBeGreaterThan(before);
  });

  test('on a stream ends that stream and no other', async () => {
    const [bad, good] = await Promise.all([phoneOn('tcp'), phoneOn('tcp')]);
    const id = `lamp-${randomToken()}`;
    const subscription = await good.subscribe(`sip:${id}@127.0.0.1`);
    await subscription.nextNotify();
    bad.send(`${'x'.repeat(2 * LONGEST)}`);
    await bad.closed.next();
    await lamplighter.set(id, 'busy');
    expect(readNotify(await subscription.nextNotify()).lamp).toBe('confirmed');
  });
});

const MALFORMED = 'lamplighter_edge_events_total{event="malformed"}';
const JSON_TYPE = { 'content-type': 'application/json' };
const ONE = '/v1/realms/default/presence/1001';
const BUSY = JSON.stringify({ status: 'busy' });

interface HttpCase {
  readonly name: string;
  readonly path?: string;
  readonly request: RequestInit;
  readonly status: number;
  readonly code: string;
}

const HTTP_CASES: readonly HttpCase[] = [
  {
    name: 'a body that is no JSON: 400',
    request: { method: 'PUT', headers: JSON_TYPE, body: '{"status":' },
    status: 400,
    code: 'BODY_MALFORMED',
  },
  {
    name: 'an ID that is none: 400',
    path: '/v1/realms/default/presence/a@b@c',
    request: { method: 'PUT', headers: JSON_TYPE, body: BUSY },
    status: 400,
    code: 'PRESENCE_ID_INVALID',
  },
  {
    name: 'a page of no size: 400',
    path: '/v1/realms/default/presence?limit=none',
    request: {},
    status: 400,
    code: 'PARAMETER_INVALID',
  },
  {
    name: 'a path that is none: 404',
    path: '/v2/lamps',
    request: {},
    status: 404,
    code: 'PATH_UNKNOWN',
  },
  {
    name: 'a method that the path does not take: 405',
    request: { method: 'POST', headers: JSON_TYPE, body: BUSY },
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
  },
  {
    name: 'a body too long: 413',
    request: {
      method: 'PUT',
      headers: JSON_TYPE,
      body: JSON.stringify({ status: 'busy', x: 'x'.repeat(70_000) }),
    },
    status: 413,
    code: 'BODY_TOO_LARGE',
  },
  {
    name: 'a body of another type: 415',
    request: { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: BUSY },
    status: 415,
    code: 'MEDIA_TYPE_UNSUPPORTED',
  },
  {
    name: 'a status that is none: 422',
    request: { method: 'PUT', headers: JSON_TYPE, body: '{"status":"blue"}' },
    status: 422,
    code: 'BODY_INVALID',
  },
  {
    name: 'a member that is not known: 422',
    request: { method: 'PUT', headers: JSON_TYPE, body: '{"status":"busy","colour":"blue"}' },
    status: 422,
    code: 'BODY_INVALID',
  },
];

describe.concurrent('bad HTTP is answered with a problem (RFC 9457):', () => {
  test.for(HTTP_CASES)('$name', async ({ path = ONE, request, status, code }) => {
    const answer = await lamplighter.ask(path, request);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      status,
      code,
      title: expect.any(String),
      detail: expect.any(String),
    });
    expect(answer.status).toBe(status);
    if (status === 405) expect(answer.headers.get('allow')).toContain('PUT');
  });

  test('a realm that is not listed: 404', async () => {
    const answer = await strict.api('PUT', '/v1/realms/other.example/presence/1001', { status: 'busy' });
    expect(answer).toMatchObject({ status: 404, body: { code: 'REALM_UNKNOWN' } });
    const known = await strict.api('PUT', '/v1/realms/sip.acme.example/presence/1001', { status: 'busy' });
    expect(known).toMatchObject({ status: 200, body: { realm: 'acme.example' } });
  });
});

/** The decoded text of one element or attribute of a document. */
function decoded(xml: string, wanted: { readonly element: string; readonly attribute?: string }): string {
  const parser = new SaxesParser();
  let found = '';
  let inside = false;
  parser.on('opentag', ({ name, attributes }) => {
    inside = name === wanted.element;
    if (inside && wanted.attribute !== undefined) found ||= attributes[wanted.attribute] ?? '';
  });
  parser.on('text', (text) => {
    if (inside && wanted.attribute === undefined) found ||= text;
    inside = false;
  });
  parser.write(xml).close();
  return found;
}

describe.concurrent('text with &<>"\' and emoji stays well-formed and whole', () => {
  const text = `Tom & "Jerry" <b>'s ☎️ 👩‍💻 ]]> &amp;`;

  test('as the note of a PIDF document', async () => {
    const id = `lamp-${randomToken()}`;
    const phone = await phoneOn('udp');
    const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`, { event: 'presence' });
    await subscription.nextNotify();
    await lamplighter.set(id, 'busy', { note: text });
    const { text: document } = readNotify(await subscription.nextNotify());
    expect(decoded(document, { element: 'note' })).toBe(text);
  });

  test('as the name of a caller in a dialog-info document', async () => {
    const id = `lamp-${randomToken()}`;
    const phone = await phoneOn('tcp');
    const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`);
    await subscription.nextNotify();
    const remote = { identity: 'sip:tom@example.com', display: text };
    const leg = { id: 'call-1', state: 'early', direction: 'recipient', remote };
    const posted = await lamplighter.api('POST', `/v1/realms/default/presence/${id}/legs`, leg);
    expect(posted.status).toBe(200);
    const { text: document, lamp } = readNotify(await subscription.nextNotify());
    expect(lamp).toBe('early');
    expect(decoded(document, { element: 'identity', attribute: 'display' })).toBe(text);
  });

  test('as the user that a phone asks for', async () => {
    const user = `a&b<'"ü`;
    const phone = await phoneOn('udp');
    const uri = `sip:${[...Buffer.from(user)].map((octet) => `%${octet.toString(16)}`).join('')}@127.0.0.1`;
    const subscription = await phone.subscribe(uri);
    expect(readNotify(await subscription.nextNotify()).lamp).toBe('terminated');
    await lamplighter.set(encodeURIComponent(user), 'busy');
    expect(readNotify(await subscription.nextNotify())).toMatchObject({ lamp: 'confirmed', entity: uri });
  });
});
