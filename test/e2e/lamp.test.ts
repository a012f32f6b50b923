import { describe, expect, test } from 'vitest';
import { headerOf } from '../../src/sip/message.ts';
import { COMBINATIONS, type Combination } from '../support/combination.ts';
import { readNotify } from '../support/lamp-document.ts';
import { setLamplighterStage } from '../support/lamplighter-stage.ts';
import { type PhoneSubscription, randomToken } from '../support/phone.ts';

/** How each package shows the three statuses, and its body type. */
const PACKAGES = [
  {
    event: 'dialog',
    type: 'application/dialog-info+xml',
    idle: 'terminated',
    busy: 'confirmed',
    ringing: 'early',
  },
  { event: 'presence', type: 'application/pidf+xml', idle: 'open', busy: 'on-the-phone', ringing: 'busy' },
] as const;

type Package = (typeof PACKAGES)[number];

describe.each(COMBINATIONS)('a lamp ($name)', (combination: Combination) => {
  const stage = setLamplighterStage(combination, { LAMPLIGHTER_SIP_MIN_EXPIRES_SECONDS: '1' });

  async function lampOf(subscription: PhoneSubscription): Promise<string> {
    return readNotify(await subscription.nextNotify()).lamp;
  }

  describe.concurrent.each(PACKAGES)('watched with Event: $event', (known: Package) => {
    const { event } = known;

    test.for(['udp', 'tcp'] as const)('shows each change of the manual status over %s', async (transport) => {
      const id = `lamp-${randomToken()}`;
      const phone = await stage.phone({ transport });
      const subscription = await phone.subscribe(stage.uriOf(id), { event });
      expect(subscription.status).toBe(200);
      expect(phone.heard.map(({ kind }) => kind)[0]).toBe('response');
      const first = await subscription.nextNotify();
      expect(headerOf(first, 'content-type')).toBe(known.type);
      expect(headerOf(first, 'event')).toBe(event);
      expect(readNotify(first)).toMatchObject({ lamp: known.idle, entity: stage.uriOf(id) });
      expect(readNotify(first).subscriptionState).toMatch(/^active;expires=\d+$/);

      await stage.lamplighter.set(id, 'busy');
      expect(await lampOf(subscription)).toBe(known.busy);
      await stage.lamplighter.set(id, 'ringing');
      expect(await lampOf(subscription)).toBe(known.ringing);
      await stage.lamplighter.set(id, 'idle');
      expect(await lampOf(subscription)).toBe(known.idle);
    });

    test('is told again at a refresh, and no more after an unsubscribe', async () => {
      const id = `lamp-${randomToken()}`;
      const phone = await stage.phone({ transport: 'udp' });
      const subscription = await phone.subscribe(stage.uriOf(id), { event, expires: 600 });
      const first = readNotify(await subscription.nextNotify());
      await stage.lamplighter.set(id, 'busy');
      expect(await lampOf(subscription)).toBe(known.busy);

      const refreshed = await subscription.refresh(300);
      expect(refreshed.status).toBe(200);
      expect(headerOf(refreshed, 'expires')).toBe('300');
      const again = readNotify(await subscription.nextNotify());
      expect(again).toMatchObject({ lamp: known.busy, cseq: first.cseq + 2 });

      const ended = await subscription.refresh(0);
      expect(ended.status).toBe(200);
      expect(headerOf(ended, 'expires')).toBe('0');
      const last = readNotify(await subscription.nextNotify());
      expect(last).toMatchObject({ lamp: known.busy, subscriptionState: 'terminated;reason=timeout' });
      await stage.lamplighter.set(id, 'idle');
      await subscription.notifies.silent(500);
      expect((await subscription.refresh(600)).status).toBe(481);
    });

    test('is fetched by a SUBSCRIBE with Expires: 0 (RFC 6665 §4.4.3)', async () => {
      const id = `lamp-${randomToken()}`;
      await stage.lamplighter.set(id, 'ringing');
      const phone = await stage.phone({ transport: 'udp' });
      const fetched = await phone.subscribe(stage.uriOf(id), { event, expires: 0 });
      expect(fetched.status).toBe(200);
      const only = readNotify(await fetched.nextNotify());
      expect(only).toMatchObject({ lamp: known.ringing, subscriptionState: 'terminated;reason=timeout' });
      await stage.lamplighter.set(id, 'busy');
      await fetched.notifies.silent(500);
    });

    test('ends with a last NOTIFY when the subscription expires', async () => {
      const id = `lamp-${randomToken()}`;
      const phone = await stage.phone({ transport: 'udp' });
      const subscription = await phone.subscribe(stage.uriOf(id), { event, expires: 2 });
      expect(headerOf(subscription.response ?? expect.fail('no response'), 'expires')).toBe('2');
      expect(await lampOf(subscription)).toBe(known.idle);
      const last = readNotify(await subscription.nextNotify(10_000));
      expect(last).toMatchObject({ lamp: known.idle, subscriptionState: 'terminated;reason=timeout' });
      const { body } = await stage.lamplighter.api('GET', `/v1/realms/default/presence/${id}/watchers`);
      expect(body.items).toEqual([]);
    });
  });
});
