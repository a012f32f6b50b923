import { describe, expect, test } from 'vitest';
import { COMBINATIONS, openSurroundings } from '../support/combination.ts';
import { deafen } from '../support/deafen.ts';
import { type LampDocument, readNotify } from '../support/lamp-document.ts';
import { startLamplighter } from '../support/lamplighter-process.ts';
import { openPhone, type PhoneSubscription, randomToken } from '../support/phone.ts';

/** The next NOTIFY, which must go on from the one before: higher numbers in the same dialog. */
async function nextAfter(before: LampDocument, subscription: PhoneSubscription): Promise<LampDocument> {
  const next = readNotify(await subscription.nextNotify(10_000));
  expect(next.cseq).toBeGreaterThan(before.cseq);
  expect(next.version).toBeGreaterThan(before.version ?? Number.POSITIVE_INFINITY);
  return next;
}

/** The first NOTIFY that shows a lamp; those before it must go on from `before` too. */
async function untilShown(lamp: string, before: LampDocument, subscription: PhoneSubscription) {
  let newest = await nextAfter(before, subscription);
  while (newest.lamp !== lamp) newest = await nextAfter(newest, subscription);
  return newest;
}

describe.concurrent.each(COMBINATIONS)('kill -9 ($name)', (combination) => {
  //  phone            Lamplighter            API
  //    |  <-- NOTIFY A ---|<------ PUT A -----|
  //    |  (hears nothing) |<------ PUT B -----|
  //    |                  |------- 200 ------>|
  //    |               kill -9                |
  //    |               start                  |
  //    |  <-- NOTIFY B ---|                   |
  test('right after the 2xx of a change: the phone hears of it in the same dialog', async () => {
    await using surroundings = await openSurroundings(combination);
    await using lamplighter = await startLamplighter(surroundings.settings);
    const id = `lamp-${randomToken()}`;
    await using phone = await openPhone({ transport: 'udp', server: lamplighter.place('udp') });
    const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`);
    const first = readNotify(await subscription.nextNotify());
    await lamplighter.set(id, 'busy');
    let newest = await untilShown('confirmed', first, subscription);

    for (const [status, lamp] of [
      ['ringing', 'early'],
      ['idle', 'terminated'],
    ] as const) {
      const plugIn = deafen(phone);
      await lamplighter.set(id, status);
      await lamplighter.kill9();
      plugIn();
      await lamplighter.start();
      newest = await untilShown(lamp, newest, subscription);
    }

    await lamplighter.set(id, 'busy');
    await untilShown('confirmed', newest, subscription);
    await goesOn(subscription, combination.edge);
    await lamplighter.set(id, 'idle');
    const again = await phone.subscribe(`sip:${id}@127.0.0.1`);
    expect(readNotify(await again.nextNotify()).lamp).toBe('terminated');
    await lamplighter.set(id, 'ringing');
    expect(readNotify(await again.nextNotify()).lamp).toBe('early');
  });
});

/** The dialog is alive after all that; drachtio itself answers 481 to it, and its phone subscribes anew. */
async function goesOn(subscription: PhoneSubscription, edge: 'embedded' | 'drachtio'): Promise<void> {
  const { status } = await subscription.refresh(600);
  expect(status).toBe(edge === 'embedded' ? 200 : 481);
}
