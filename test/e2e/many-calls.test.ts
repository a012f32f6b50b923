import { expect, test } from 'vitest';
import { COMBINATIONS, openSurroundings } from '../support/combination.ts';
import { readNotify } from '../support/lamp-document.ts';
import { startLamplighter } from '../support/lamplighter-process.ts';
import { openPhone, type Phone, type PhoneSubscription } from '../support/phone.ts';
import { placeCall } from '../support/phone-call.ts';

const REALM = 'acme.example';
const PHONES = 10;
const CALLS = 1_000;
/** For all of it, on a machine that is slow and halts for seconds. */
const PATIENCE_MS = 240_000;
/** RFC 3261 §17.1.1.2: Timer A, about: a datagram of a burst may be lost. */
const AGAIN_MS = 2_000;

/** `*5` and an ID flips its lamp: a call that ran twice would leave it dark. */
const FLOW = {
  name: 'Flip a lamp',
  patterns: ['^\\*5([0-9]+)$'],
  flow: { module: 'manual_presence', data: { status: 'toggle' }, children: {} },
};

const IDS = Array.from({ length: CALLS }, (_, index) => String(1_000 + index));

/** Calls, and sends the INVITE again until the final response comes. */
async function dial(phone: Phone, uri: string): Promise<number> {
  const call = placeCall(phone, uri);
  const again = setInterval(() => call.invite(), AGAIN_MS);
  try {
    return (await call.answer(PATIENCE_MS)).status;
  } finally {
    clearInterval(again);
  }
}

/** Resolves when the lamp of a subscription is busy. */
async function untilBusy(subscription: PhoneSubscription): Promise<void> {
  await subscription.notifies.until((notify) => readNotify(notify).lamp === 'confirmed', PATIENCE_MS);
}

interface Lamp {
  readonly id: string;
  readonly rev: number;
  readonly lamp: { readonly status: string };
}

const phoneOf = (phones: readonly Phone[], index: number): Phone => phones[index % PHONES] as Phone;

test.each(COMBINATIONS.filter(({ edge }) => edge === 'embedded'))(
  '1,000 INVITEs at once, each for a lamp of its own, lose none and run once each ($name)',
  async (combination) => {
    await using open = new AsyncDisposableStack();
    const { settings } = open.use(await openSurroundings(combination));
    const lamplighter = open.use(await startLamplighter(settings));
    await lamplighter.api('POST', `/v1/realms/${REALM}/callflows`, FLOW);
    const opened = async (transport: 'udp' | 'tcp') =>
      open.use(await openPhone({ transport, server: lamplighter.place(transport) }));
    const watching = await Promise.all(IDS.slice(0, PHONES).map(() => opened('tcp')));
    const calling = await Promise.all(
      IDS.slice(0, PHONES).map((_, index) => opened(index % 2 ? 'udp' : 'tcp')),
    );

    const watch = async (phone: Phone, ids: readonly string[]) => {
      const subscriptions: PhoneSubscription[] = [];
      for (const id of ids) subscriptions.push(await phone.subscribe(`sip:${id}@${REALM}`));
      return subscriptions;
    };
    const ofPhone = (number: number) => IDS.filter((_, index) => index % PHONES === number);
    const watched = await Promise.all(watching.map((phone, number) => watch(phone, ofPhone(number))));

    const answers = await Promise.all(
      IDS.map((id, index) => dial(phoneOf(calling, index), `sip:*5${id}@${REALM}`)),
    );
    expect(answers).toEqual(IDS.map(() => 480));
    await Promise.all(watched.flat().map(untilBusy));
    const { body } = await lamplighter.api('GET', `/v1/realms/${REALM}/presence?limit=1000`);
    const lamps = (body.items as Lamp[]).map(({ id, rev, lamp }) => [id, rev, lamp.status]);
    expect(lamps).toEqual(IDS.map((id) => [id, 1, 'busy']));
  },
  2 * PATIENCE_MS,
);
