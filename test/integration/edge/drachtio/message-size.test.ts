import { describe, expect, test } from 'vitest';
import { TARGET_NAME } from '../../../support/drachtio-target.ts';
import { type App, bodyOf, eachRig, type Rig, subscribed } from './rig.ts';

describe(`rule 7: the size of messages to drachtio-server, on ${TARGET_NAME}`, () => {
  let rig: Rig;
  let one: App;

  eachRig((opened, app) => {
    rig = opened;
    one = app;
  });

  /** Sends NOTIFYs with bodies of these sizes all at once, over TCP; gives the sizes that the phone heard. */
  async function sendAll(sizes: readonly number[]): Promise<readonly number[]> {
    const phone = await rig.phone('tcp');
    const [subscription] = await subscribed(one, phone);
    for (const size of sizes) one.app.notify(subscription, bodyOf(size));
    for (const _ of sizes) {
      const { result } = await one.app.settlements.next(20_000);
      expect(result).toMatchObject({ kind: 'answered' });
    }
    expect(one.counts.get('connection_lost')).toBeUndefined();
    return phone.requests.all.map(({ body }) => body.length);
  }

  test('300 NOTIFYs below the bound go through in a row', async () => {
    const sizes = Array<number>(300).fill(3400);
    expect(await sendAll(sizes)).toEqual(sizes);
  });

  test('larger ones go through each on its own, in order among small ones', async () => {
    const sizes = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? 4000 + 125 * index : 300));
    expect(await sendAll(sizes)).toEqual(sizes);
  });

  test('the largest that it carries goes through', async () => {
    expect(await sendAll([11_450, 11_450, 10])).toEqual([11_450, 11_450, 10]);
  });

  test('one that it cannot carry ends as 513, is counted, and harms no other', async () => {
    const phone = await rig.phone('tcp');
    const [subscription, heard] = await subscribed(one, phone);
    one.app.notify(subscription, bodyOf(12_300));
    expect((await one.app.settlements.next()).result).toMatchObject({ kind: 'answered', status: 513 });
    expect(one.counts.get('too_large')).toBe(1);
    one.app.notify(subscription, bodyOf(100));
    expect((await heard.nextNotify()).body).toHaveLength(100);
  });

  test('a route set that does not fit into the start line ends as 513', async () => {
    const phone = await rig.phone('udp', { recordRoute: [`<sip:${'p'.repeat(500)}@127.0.0.1:9;lr>`] });
    const [subscription] = await subscribed(one, phone);
    const { stack } = subscription.record;
    subscription.record = { ...subscription.record, stack: stack && { ...stack, inDialog: false } };
    one.app.notify(subscription, bodyOf(10));
    expect((await one.app.settlements.next()).result).toMatchObject({ kind: 'answered', status: 513 });
  });

  test('octets are counted, not characters', async () => {
    const phone = await rig.phone('tcp');
    const [subscription, heard] = await subscribed(one, phone);
    const body = '\xf0\x9f\x93\x9e'.repeat(1200);
    for (let count = 0; count < 20; count += 1) one.app.notify(subscription, body);
    for (let count = 0; count < 20; count += 1) expect((await heard.nextNotify()).body).toBe(body);
  });
});
