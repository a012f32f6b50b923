import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMBINATIONS, type Combination, openSurroundings } from '../support/combination.ts';
import { readNotify } from '../support/lamp-document.ts';
import { type LamplighterProcess, startLamplighter } from '../support/lamplighter-process.ts';
import { Nat, type NatOptions } from '../support/nat.ts';
import { openPhone, type Phone, type PhoneSubscription, randomToken } from '../support/phone.ts';

const REAL = process.env.DRACHTIO_HOST !== undefined;

/*
 *   phone (Contact 192.168.1.20)     NAT (127.0.0.2)        Lamplighter
 *     |---- SUBSCRIBE ---------------->|---- from port 31337 --->|
 *     |<--- 200, NOTIFY ---------------|<--- to port 31337 ------|
 *     |<--- CRLF CRLF or OPTIONS ------|<------------------------|   every second here
 */
describe.each(COMBINATIONS.filter(({ store }, at) => at === 0 || store === 'redis'))(
  'a phone behind NAT ($name)',
  (combination: Combination) => {
    const open = new AsyncDisposableStack();
    let lamplighter: LamplighterProcess;

    beforeAll(async () => {
      const { settings } = open.use(await openSurroundings(combination));
      const keepAlive = { LAMPLIGHTER_SIP_KEEP_ALIVE_SECONDS: '1' };
      lamplighter = open.use(await startLamplighter({ ...settings, ...keepAlive }));
    });
    afterAll(() => open.disposeAsync());

    async function behindNat(options: Partial<NatOptions> = {}): Promise<{ phone: Phone; nat: Nat }> {
      const nat = open.use(await Nat.open({ server: lamplighter.place('udp'), ...options }));
      const contact = 'sip:nine@192.168.1.20:5060';
      const phone = await openPhone({ transport: 'udp', server: nat.inside, contact });
      open.defer(() => phone.close());
      return { phone, nat };
    }

    async function watching(phone: Phone, id: string): Promise<PhoneSubscription> {
      const { address, port } = lamplighter.place('udp');
      const subscription = await phone.subscribe(`sip:${id}@${address}:${port}`);
      expect(subscription.status).toBe(200);
      expect(await lampOf(subscription)).toBe('terminated');
      return subscription;
    }

    async function lampOf(subscription: PhoneSubscription): Promise<string> {
      return readNotify(await subscription.nextNotify()).lamp;
    }

    test('RFC 3581 §4: is answered and notified where it is heard, whatever its Contact says', async () => {
      const id = `nat-${randomToken()}`;
      const { phone, nat } = await behindNat();
      const subscription = await watching(phone, id);
      await lamplighter.set(id, 'busy');
      const notify = await subscription.nextNotify();
      expect(readNotify(notify).lamp).toBe('confirmed');
      expect(notify.uri).toBe('sip:nine@192.168.1.20:5060');
      expect(nat.ports).toHaveLength(1);
    });

    test('is in reach after any time, because the NAT is kept open', async () => {
      const id = `nat-${randomToken()}`;
      const { phone, nat } = await behindNat({ idleMs: 4_000 });
      const subscription = await watching(phone, id);
      await pause(9_000);
      await lamplighter.set(id, 'busy');
      expect(await lampOf(subscription)).toBe('confirmed');
      expect(nat.ports).toHaveLength(1);
    });

    test.skipIf(REAL)('that is heard from another port moves with all that it watches', async () => {
      const [first, second] = [`nat-${randomToken()}`, `nat-${randomToken()}`];
      const { phone, nat } = await behindNat();
      const one = await watching(phone, first);
      const other = await watching(phone, second);
      nat.forget();
      expect((await one.refresh(600)).status).toBe(200);
      expect(await lampOf(one)).toBe('terminated');
      expect(nat.ports).toHaveLength(2);
      for (const [id, subscription] of [
        [first, one],
        [second, other],
      ] as const) {
        await lamplighter.set(id, 'ringing');
        expect(await lampOf(subscription)).toBe('early');
      }
    });
  },
);
