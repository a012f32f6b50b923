import { expect } from 'vitest';
import { headerOf } from '../../src/sip/message.ts';
import { parseVia } from '../../src/sip/via.ts';
import { readNotify } from '../support/lamp-document.ts';
import type { Phone } from '../support/phone.ts';
import type { Stage } from '../support/rfc-stage.ts';
import { type Clause, testClauses } from './clauses.ts';
import { answerTo, subscribeText } from './subscribe-text.ts';

const CLAUSES: readonly Clause[] = [
  {
    name: 'RFC 3581 §4: rport without a value is filled with the source port',
    check: async (stage) => {
      const phone = await stage.phone();
      const via = parseVia(headerOf(await answerTo(phone, subscribeText(phone)), 'via') ?? '');
      expect(via?.rport).toBe(phone.place.port);
    },
  },
  {
    name: 'RFC 3581 §4: with rport the answer comes back to the source, whatever sent-by says, with received',
    check: async (stage) => {
      const phone = await stage.phone();
      const text = subscribeText(phone).replace(
        /^Via: SIP\/2.0\/UDP [^;]+/m,
        'Via: SIP/2.0/UDP 192.0.2.99:9',
      );
      const via = parseVia(headerOf(await answerTo(phone, text), 'via') ?? '');
      expect(via).toMatchObject({ rport: phone.place.port, received: '127.0.0.1' });
    },
  },
  {
    name: 'RFC 3581 §4: received is added to rport even where sent-by is the source',
    check: async (stage) => {
      const phone = await stage.phone();
      const via = parseVia(headerOf(await answerTo(phone, subscribeText(phone)), 'via') ?? '');
      expect(via?.received).toBe('127.0.0.1');
    },
    byDrachtio: {
      says: 'received only where they differ',
      check: async (stage) => {
        const phone = await stage.phone();
        const via = parseVia(headerOf(await answerTo(phone, subscribeText(phone)), 'via') ?? '');
        expect(via?.rport).toBe(phone.place.port);
      },
    },
  },
  {
    name: 'RFC 3581 §4: without rport the answer goes to the port of sent-by',
    check: async (stage) => {
      const phone = await stage.phone('udp', { rport: false });
      const via = parseVia(headerOf(await answerTo(phone, subscribeText(phone)), 'via') ?? '');
      expect(via?.rport).toBeUndefined();
    },
    byDrachtio: {
      says: 'it is answered, with rport all the same',
      check: async (stage) => {
        const phone = await stage.phone('udp', { rport: false });
        expect((await answerTo(phone, subscribeText(phone))).status).toBe(200);
      },
    },
  },
  {
    name: 'RFC 5626 §4.4.1: a double CRLF on a stream is answered with one CRLF at once',
    check: async (stage) => {
      const phone = await stage.phone('tcp');
      phone.send('\r\n\r\n');
      expect(await phone.keepAlives.next()).toBe('\r\n');
    },
  },
  {
    name: 'RFC 5626 §4.4.1: it does so between messages too, and the messages are served',
    check: async (stage) => {
      await keptAlive(stage, async (phone) => expect(await phone.keepAlives.next()).toBe('\r\n'));
    },
    byDrachtio: {
      says: 'it is answered when it comes alone, and the messages are served then',
      check: (stage) =>
        keptAlive(stage, async (phone) => expect(await phone.keepAlives.next()).toBe('\r\n'), {
          alone: true,
        }),
    },
  },
  {
    name: 'RFC 5626 §5.3.1: NOTIFYs reuse the flow that the phone has opened, whatever its Contact says',
    check: async (stage) => {
      const phone = await stage.phone('tcp', { contact: 'sip:100@192.0.2.1:5060;transport=tcp' });
      const subscription = await phone.subscribe(stage.uri());
      await subscription.nextNotify();
      await stage.set(subscription.uri, 'busy');
      expect(readNotify(await subscription.nextNotify()).lamp).toBe('confirmed');
    },
  },
];

/** A phone sends a double CRLF between its messages; the next one is served. */
async function keptAlive(
  stage: Stage,
  answered: (phone: Phone) => Promise<void>,
  { alone = false } = {},
): Promise<void> {
  const phone = await stage.phone('tcp');
  const subscription = await phone.subscribe(stage.uri());
  await subscription.nextNotify();
  // Its answer shows that all was read that came before.
  if (alone) await phone.request({ method: 'OPTIONS', uri: stage.uri() });
  phone.send('\r\n\r\n');
  await answered(phone);
  expect((await subscription.refresh(600)).status).toBe(200);
  await subscription.nextNotify();
}

testClauses(CLAUSES);
