import { expect, test } from 'vitest';
import { headerOf } from '../../../../src/sip/message.ts';
import { parseVia } from '../../../../src/sip/via.ts';
import type { Subscription } from '../../../contract/edge-application.ts';
import type { Phone } from '../../../support/phone.ts';
import { type Rig, startRig } from './rig.ts';

/** More than a datagram may hold, whatever the head. */
const LARGE = 'x'.repeat(1300);

/** A phone on UDP, and the same phone (or another one, as `options` say) on a TCP connection of its own. */
async function onBoth(rig: Rig, options: { readonly user?: string; readonly contact?: string } = {}) {
  const udp = await rig.phone({ transport: 'udp', user: 'nine' });
  const contact = `sip:nine@${udp.hostPort};transport=tcp`;
  const tcp = await rig.phone({ transport: 'tcp', user: 'nine', contact, ...options });
  const [subscription] = await rig.subscribe(udp);
  await rig.subscribe(tcp);
  return { udp, tcp, subscription };
}

/** The transport of the Via of what the phone hears next. */
async function nextVia(phone: Phone): Promise<string | undefined> {
  return parseVia(headerOf(await phone.requests.next(), 'via') ?? '')?.transport;
}

function briefly(rig: Rig, subscription: Subscription, brief: string): void {
  rig.app.notify(subscription, LARGE, { brief });
}

test('RFC 3261 §18.1.1: a NOTIFY of more than 1300 octets takes the stream of the same phone, and so does its answer', async () => {
  const rig = await startRig();
  const { udp, tcp, subscription } = await onBoth(rig);
  rig.app.notify(subscription, LARGE);
  const notify = await tcp.requests.next();
  expect(notify.body).toBe(LARGE);
  expect(parseVia(headerOf(notify, 'via') ?? '')).toMatchObject({ transport: 'TCP', rport: null });
  expect(headerOf(notify, 'via')).toContain(`:${rig.place('tcp').port};`);
  expect((await rig.app.settlements.next()).result).toEqual({
    kind: 'answered',
    status: 200,
    retryAfter: null,
  });
  expect(rig.counts.get('notify_on_stream')).toBe(1);
  rig.app.notify(subscription, 'small');
  expect(await nextVia(udp)).toBe('UDP');
});

test('a stream that refuses it is not the phone: nothing ends, and the next try goes over UDP', async () => {
  const rig = await startRig();
  const { udp, tcp, subscription } = await onBoth(rig);
  tcp.answer = () => ({ status: 481 });
  rig.app.notify(subscription, LARGE);
  expect(await nextVia(tcp)).toBe('TCP');
  expect((await rig.app.settlements.next()).result).toEqual({ kind: 'unreachable' });
  rig.app.notify(subscription, LARGE);
  expect(await nextVia(udp)).toBe('UDP');
});

test('a stream that was closed is not looked for elsewhere', async () => {
  const rig = await startRig();
  const { udp, tcp, subscription } = await onBoth(rig);
  await tcp.close();
  await rig.app.closings.next();
  rig.app.notify(subscription, LARGE);
  expect(await nextVia(udp)).toBe('UDP');
});

test.each([
  ['another AOR', { user: 'ten' }],
  ['another Contact', { contact: 'sip:nine@127.0.0.1:9' }],
])('a stream of %s is another phone', async (_, options) => {
  const rig = await startRig();
  const { udp, tcp, subscription } = await onBoth(rig, options);
  rig.app.notify(subscription, LARGE);
  expect(await nextVia(udp)).toBe('UDP');
  expect(tcp.requests.all).toHaveLength(0);
});

test('RFC 3261 §7.3.3, RFC 6665 §8.2.1: without a stream it is written in compact form', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const [subscription] = await rig.subscribe(phone);
  rig.app.notify(subscription, LARGE, { headers: ['supported', 'eventlist'] });
  const notify = await phone.requests.next();
  const text = phone.texts.find((each) => each.startsWith('NOTIFY')) ?? '';
  const names = text
    .split('\r\n\r\n')[0]
    ?.split('\r\n')
    .slice(1)
    .map((line) => line.split(':')[0]);
  expect(names).toEqual([
    'v',
    'Max-Forwards',
    'f',
    't',
    'i',
    'm',
    'o',
    'CSeq',
    'Subscription-State',
    'k',
    'c',
    'l',
  ]);
  expect(headerOf(notify, 'event')).toBe('dialog');
  expect((await rig.app.settlements.next()).result.kind).toBe('answered');
});

test('compact form alone is used where it is enough, and no datagram is above 1300 octets that need not be', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const [subscription] = await rig.subscribe(phone);
  for (let octets = 600; octets <= 900; octets += 10) {
    rig.app.notify(subscription, 'x'.repeat(octets), { brief: 'brief' });
    await rig.app.settlements.next();
  }
  const texts = phone.texts.filter((text) => text.startsWith('NOTIFY'));
  expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(1300);
  const kinds = texts.map((text) => `${text.includes('\r\nv: ')} ${text.endsWith('brief')}`);
  expect([...new Set(kinds)]).toEqual(['false false', 'true false', 'true true']);
});

test('the brief body is sent where compact form is not enough', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const [subscription] = await rig.subscribe(phone);
  briefly(rig, subscription, '<brief/>');
  expect((await phone.requests.next()).body).toBe('<brief/>');
  expect(rig.counts.get('notify_compact')).toBe(1);
});

test('what is too large even so is sent all the same, and counted', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const [subscription] = await rig.subscribe(phone);
  briefly(rig, subscription, LARGE);
  expect((await phone.requests.next()).body).toBe(LARGE);
  expect(rig.counts.get('notify_oversize')).toBe(1);
});

test('on a stream of its own a NOTIFY of any size keeps its long form and its body', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'tcp' });
  const [subscription] = await rig.subscribe(phone);
  briefly(rig, subscription, '<brief/>');
  expect((await phone.requests.next()).body).toBe(LARGE);
  expect(phone.texts.some((text) => text.includes('\r\nVia: '))).toBe(true);
});
