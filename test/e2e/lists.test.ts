import { describe, expect, test } from 'vitest';
import { headerOf, type SipRequest } from '../../src/sip/message.ts';
import { COMBINATIONS } from '../support/combination.ts';
import { deafen } from '../support/deafen.ts';
import type { LamplighterProcess } from '../support/lamplighter-process.ts';
import { setLamplighterStage } from '../support/lamplighter-stage.ts';
import { ListMemory, readList } from '../support/list-document.ts';
import { type PhoneSubscription, randomToken } from '../support/phone.ts';

/** How phones with a list key ask for it (interop.md B: Yealink, Poly and Grandstream alike). */
const LIST_PHONE = {
  headers: [
    'supported',
    'eventlist',
    'accept',
    'application/dialog-info+xml, application/rlmi+xml, multipart/related',
  ],
};

const LISTS = '/v1/realms/default/lists';

async function makeList(lamplighter: LamplighterProcess, users: readonly string[]): Promise<string> {
  const id = `list-${randomToken()}`;
  const { status } = await lamplighter.api('POST', LISTS, {
    id,
    members: users.map((user) => ({ id: user })),
  });
  expect(status).toBe(201);
  return id;
}

const usersOf = (count: number) => {
  const token = randomToken();
  return Array.from({ length: count }, (_, index) => `${token}-${index}`);
};

function listIn(notify: SipRequest) {
  expect(headerOf(notify, 'require')).toBe('eventlist');
  return readList(headerOf(notify, 'content-type') ?? '', notify.body);
}

/** Takes NOTIFYs until the phone knows what is wanted of each user. */
async function until(
  memory: ListMemory,
  subscription: PhoneSubscription,
  wanted: Readonly<Record<string, string>>,
): Promise<void> {
  const states = () =>
    Object.fromEntries(
      Object.entries(memory.states()).map(([uri, state]) => [/^sip:([^@]*)@/.exec(uri)?.[1] ?? '', state]),
    );
  while (JSON.stringify(sorted(states())) !== JSON.stringify(sorted(wanted))) {
    memory.take(listIn(await subscription.nextNotify()));
  }
}

const sorted = (states: Readonly<Record<string, string>>) => Object.entries(states).toSorted();
const all = (users: readonly string[], state: string) =>
  Object.fromEntries(users.map((user) => [user, state]));

describe.each(COMBINATIONS)('a list ($name)', (combination) => {
  const stage = setLamplighterStage(combination);

  /** A phone that watches a list of three, and has heard that they are idle. */
  async function watchIdleList() {
    const users = usersOf(3);
    const id = await makeList(stage.lamplighter, users);
    const phone = await stage.phone({ transport: 'udp' });
    const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`, LIST_PHONE);
    const memory = new ListMemory();
    await until(memory, subscription, all(users, 'terminated'));
    return { users, phone, subscription, memory };
  }

  test.for([
    ['udp', 3],
    ['tcp', 3],
    ['udp', 100],
    ['tcp', 100],
  ] as const)('over %s with %i members: all of it, then what changes', async ([transport, count]) => {
    const users = usersOf(count);
    const [one = '', other = ''] = users;
    const id = await makeList(stage.lamplighter, users);
    await stage.lamplighter.set(one, 'busy');
    const phone = await stage.phone({ transport });
    const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`, LIST_PHONE);
    expect(subscription.status).toBe(200);
    expect(headerOf(subscription.response ?? expect.fail(), 'require')).toBe('eventlist');
    const memory = new ListMemory();
    await until(memory, subscription, { ...all(users, 'terminated'), [one]: 'confirmed' });
    await stage.lamplighter.set(other, 'ringing');
    await stage.lamplighter.set(one, 'idle');
    await until(memory, subscription, { ...all(users, 'terminated'), [other]: 'early' });
    expect((await subscription.refresh(600)).status).toBe(200);
    const again = listIn(await subscription.nextNotify());
    expect(again).toMatchObject({ fullState: true, version: memory.version + 1 });
    expect(again.resources).toHaveLength(count);
    memory.take(again);
    await until(memory, subscription, { ...all(users, 'terminated'), [other]: 'early' });
  });

  test('that is changed while it is watched, and deleted', async () => {
    const [one = '', two = '', three = ''] = usersOf(3);
    const id = await makeList(stage.lamplighter, [one, two]);
    await stage.lamplighter.set(three, 'busy');
    const phone = await stage.phone({ transport: 'tcp' });
    const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`, LIST_PHONE);
    const memory = new ListMemory();
    await until(memory, subscription, { [one]: 'terminated', [two]: 'terminated' });
    await stage.lamplighter.api('PUT', `${LISTS}/${id}`, { members: [{ id: three }, { id: two }], rev: 1 });
    await until(memory, subscription, { [three]: 'confirmed', [two]: 'terminated' });
    await stage.lamplighter.api('DELETE', `${LISTS}/${id}?rev=2`);
    const last = await subscription.nextNotify();
    expect(headerOf(last, 'subscription-state')).toBe('terminated;reason=noresource');
  });

  test('a lost NOTIFY is sent again until the phone has heard it', async () => {
    const { users, phone, subscription, memory } = await watchIdleList();
    const [one = ''] = users;
    phone.answer = () => ({ status: 503 });
    await stage.lamplighter.set(one, 'busy');
    // The phone had no room for this one.
    await subscription.nextNotify();
    phone.answer = () => ({ status: 200 });
    const next = listIn(await subscription.nextNotify());
    expect(next.fullState).toBe(true);
    memory.take(next);
    await until(memory, subscription, { ...all(users, 'terminated'), [one]: 'confirmed' });
  });

  test('is refused with 421 without Supported: eventlist, with 406 without multipart/related', async () => {
    const id = await makeList(stage.lamplighter, usersOf(1));
    const phone = await stage.phone({ transport: 'udp' });
    const plain = await phone.subscribe(`sip:${id}@127.0.0.1`);
    expect([plain.status, headerOf(plain.response ?? expect.fail(), 'require')]).toEqual([421, 'eventlist']);
    const headers = ['supported', 'eventlist', 'accept', 'application/dialog-info+xml'];
    const single = await phone.subscribe(`sip:${id}@127.0.0.1`, { headers });
    expect([single.status, headerOf(single.response ?? expect.fail(), 'accept')]).toEqual([
      406,
      'multipart/related, application/rlmi+xml, application/dialog-info+xml',
    ]);
  });

  //  phone            Lamplighter
  //    |  <-- NOTIFY 1 --|
  //    |  (hears nothing)|<--- PUT
  //    |               kill -9, start
  //    |  <-- all of it--|
  test('over kill -9: a phone that missed a NOTIFY is told all of it in the same dialog', async () => {
    const { users, phone, subscription, memory } = await watchIdleList();
    const [one = ''] = users;
    const plugIn = deafen(phone);
    await stage.lamplighter.set(one, 'busy');
    await stage.lamplighter.kill9();
    plugIn();
    await stage.lamplighter.start();
    await until(memory, subscription, { ...all(users, 'terminated'), [one]: 'confirmed' });
  });
});
