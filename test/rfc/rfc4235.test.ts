import { expect } from 'vitest';
import { headerOf, type SipRequest } from '../../src/sip/message.ts';
import { readNotify } from '../support/lamp-document.ts';
import type { Stage } from '../support/rfc-stage.ts';
import { type Clause, testClauses } from './clauses.ts';
import { subscribing } from './subscribe-text.ts';

/** The NOTIFYs that a phone gets for a new subscription and then for these statuses. */
async function notifiesFor(
  stage: Stage,
  ...statuses: readonly ('idle' | 'ringing' | 'busy')[]
): Promise<{ readonly uri: string; readonly notifies: readonly SipRequest[] }> {
  const uri = stage.uri();
  const phone = await stage.phone();
  const subscription = await phone.subscribe(uri);
  const notifies = [await subscription.nextNotify()];
  for (const status of statuses) {
    await stage.set(uri, status);
    notifies.push(await subscription.nextNotify());
  }
  return { uri, notifies };
}

const CLAUSES: readonly Clause[] = [
  {
    name: 'RFC 4235 §3.2: the parameters of Event that ask for one dialog are taken, and the lamp is shown',
    check: async (stage) => {
      const phone = await stage.phone();
      const event = 'dialog;call-id="x@y";from-tag=a;to-tag=b;include-session-description';
      const subscription = await phone.subscribe(stage.uri(), { event });
      expect(subscription.status).toBe(200);
      expect(readNotify(await subscription.nextNotify()).lamp).toBe('terminated');
    },
  },
  {
    name: 'RFC 4235 §3.3: a filter in the body of a SUBSCRIBE may be ignored: all is told',
    check: async (stage) => {
      const phone = await stage.phone();
      const headers = ['event', 'dialog', 'content-type', 'application/simple-filter+xml'];
      const request = { method: 'SUBSCRIBE', uri: stage.uri(), headers, body: '<filter-set/>' };
      expect((await phone.request(request)).status).toBe(200);
    },
  },
  {
    name: 'RFC 4235 §3.4: without Expires a subscription lasts an hour at most',
    check: async (stage) => {
      const accepted = await subscribing(await stage.phone(), 'event', 'dialog');
      expect(Number(headerOf(accepted, 'expires'))).toBeLessThanOrEqual(3600);
    },
  },
  {
    name: 'RFC 4235 §3.5: the body is application/dialog-info+xml, and an Accept without that is 406',
    check: async (stage) => {
      const phone = await stage.phone();
      expect((await subscribing(phone, 'event', 'dialog', 'accept', 'text/plain')).status).toBe(406);
      const { notifies } = await notifiesFor(stage);
      expect(notifies.map((notify) => headerOf(notify, 'content-type'))).toEqual([
        'application/dialog-info+xml',
      ]);
    },
  },
  {
    name: 'RFC 4235 §3.7.1: idle, ringing and busy are terminated, early and confirmed',
    check: async (stage) => {
      const { notifies } = await notifiesFor(stage, 'ringing', 'busy', 'idle');
      const lamps = notifies.map((notify) => readNotify(notify).lamp);
      expect(lamps).toEqual(['terminated', 'early', 'confirmed', 'terminated']);
    },
  },
  {
    name: 'RFC 4235 §3.10: after a short burst a subscription gets one NOTIFY a second, with the newest state',
    check: async (stage) => {
      const uri = stage.uri();
      const phone = await stage.phone();
      const subscription = await phone.subscribe(uri);
      const statuses = ['busy', 'ringing', 'busy', 'ringing', 'busy', 'ringing', 'busy', 'idle'] as const;
      for (const status of statuses) await stage.set(uri, status);
      await subscription.notifies.until((notify) => {
        const { version, lamp } = readNotify(notify);
        return version !== 0 && lamp === 'terminated';
      });
      expect(subscription.notifies.all.length).toBeLessThan(1 + statuses.length);
    },
  },
  {
    name: 'RFC 4235 §4.1: version starts at 0 and grows by one, state is full, entity is what was asked for',
    check: async (stage) => {
      const { uri, notifies } = await notifiesFor(stage, 'busy', 'idle');
      expect(notifies.map((notify) => readNotify(notify).version)).toEqual([0, 1, 2]);
      for (const notify of notifies) {
        expect(notify.body).toContain(' state="full"');
        expect(readNotify(notify).entity).toBe(uri);
      }
    },
  },
  {
    name: 'RFC 4235 §4.1: version is counted for each subscription by itself',
    check: async (stage) => {
      const { uri } = await notifiesFor(stage, 'busy');
      const other = await (await stage.phone()).subscribe(uri);
      expect(readNotify(await other.nextNotify()).version).toBe(0);
    },
  },
  {
    name: 'RFC 4235 §4.1.1: a dialog has an id, another one for another call',
    check: async (stage) => {
      const { notifies } = await notifiesFor(stage, 'busy', 'ringing');
      const [, busy, ringing] = notifies.map((notify) => readNotify(notify).dialogId);
      expect(busy).toMatch(/./);
      expect(ringing).not.toBe(busy);
    },
  },
  {
    name: 'RFC 4235 §4.4: state stands first in a dialog, then local, then remote',
    check: async (stage) => {
      const { notifies } = await notifiesFor(stage, 'busy');
      const children = [...(notifies[1]?.body ?? '').matchAll(/<(state|local|remote)>/g)].map(
        ([, name]) => name,
      );
      expect(children[0]).toBe('state');
      expect(children).toEqual(children.toSorted((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other)));
    },
  },
];

const ORDER: readonly (string | undefined)[] = ['state', 'local', 'remote'];

testClauses(CLAUSES);
