import { describe, expect, it, vi } from 'vitest';
import { Fault } from '../../../src/errors.ts';
import { ListMemory, readList } from '../../support/list-document.ts';
import { settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';
import type { SentNotify, SubscribeFacts } from '../../support/recording-edge.ts';

const REALM = 'acme.example';
const DESK = 'sip:desk@acme.example';
const HEADERS = [
  'Supported: eventlist',
  'Accept: multipart/related, application/rlmi+xml, application/dialog-info+xml',
];
const TCP = {
  transport: 'tcp',
  remoteAddress: '192.0.2.10',
  remotePort: 5062,
  localAddress: '192.0.2.1',
  localPort: 5060,
} as const;

const UDP = { ...TCP, transport: 'udp' } as const;

const uris = (...users: readonly string[]) => users.map((user) => `sip:${user}@acme.example`);

async function withList(bench: NotifierBench, users: readonly string[], rev = 0): Promise<void> {
  const members = users.map((id) => ({ id }));
  const outcome = await bench.notifier.lists.save({ realm: REALM, id: 'desk', name: '', members, rev });
  expect(outcome.kind).toBe('saved');
  await settled();
}

async function subscribe(bench: NotifierBench, facts: SubscribeFacts = {}): Promise<void> {
  bench.edge.subscribe({ uri: DESK, headers: HEADERS, ...facts });
  await settled();
}

/** A list of these members with one phone on TCP that has been told all of it. */
async function watched(users: readonly string[], facts: SubscribeFacts = {}) {
  const bench = await startNotifier();
  await withList(bench, users);
  await subscribe(bench, { flow: TCP, ...facts });
  bench.edge.settle(200);
  return bench;
}

const set = (bench: NotifierBench, user: string, status: 'idle' | 'ringing' | 'busy') =>
  bench.notifier.service.setManual({ realm: REALM, user }, { status });

const read = (notify: SentNotify) => readList(notify.contentType, notify.body);

/** Answers NOTIFYs with 200 until none follows at once; gives all that were sent from the `from`th on. */
function drain(bench: NotifierBench, from: number): readonly SentNotify[] {
  let answered = from;
  while (answered < bench.edge.notifies.length) {
    bench.edge.settle(200, bench.edge.notifies[answered]);
    answered += 1;
  }
  return bench.edge.notifies.slice(from);
}

describe('a SUBSCRIBE to a list', () => {
  it('gets 200 with Require: eventlist, and all of the list (RFC 4662 §4.5, §5.2)', async () => {
    await using bench = await startNotifier();
    await withList(bench, ['1001', '1002', 'park']);
    await set(bench, '1002', 'busy');
    await subscribe(bench);
    const [answer] = bench.edge.answers;
    expect(answer?.status).toBe(200);
    expect(answer?.headers.slice(-2)).toEqual(['require', 'eventlist']);
    const [first, ...more] = drain(bench, 0);
    expect(first?.headers).toEqual(['require', 'eventlist']);
    expect(first?.subscriptionState).toBe('active;expires=600');
    const list = read(first ?? expect.fail('no NOTIFY'));
    expect(list).toMatchObject({ uri: DESK, name: 'desk', version: 0, fullState: true });
    expect(list.resources.map(({ uri }) => uri)).toEqual(uris('1001', '1002', 'park'));
    const memory = new ListMemory();
    for (const notify of [first, ...more]) memory.take(read(notify ?? expect.fail('no NOTIFY')));
    expect(Object.values(memory.states())).toEqual(['terminated', 'confirmed', 'terminated']);
  });

  it.each([
    ['without Supported: eventlist', ['Accept: multipart/related'], 421, ['require', 'eventlist']],
    [
      'that does not accept multipart/related',
      ['Supported: eventlist', 'Accept: application/dialog-info+xml'],
      406,
      ['accept', 'multipart/related, application/rlmi+xml, application/dialog-info+xml'],
    ],
  ])('%s is refused (RFC 4662 §4.1, §4.3)', async (_, headers, status, named) => {
    await using bench = await startNotifier();
    await withList(bench, ['1001']);
    await subscribe(bench, { headers });
    expect(bench.edge.answers).toMatchObject([{ status, headers: named }]);
    expect(bench.edge.notifies).toEqual([]);
  });

  it.each([
    [
      'names multipart/related and the package only',
      ['Supported: eventlist', 'Accept: application/dialog-info+xml, multipart/related'],
    ],
    ['names multipart/related only', ['Supported: eventlist', 'Accept: multipart/related']],
    ['has no Accept', ['Supported: path, eventlist']],
    ['takes everything', ['Supported: eventlist', 'Accept: */*']],
  ])('of a phone that %s is served all the same', async (_, headers) => {
    await using bench = await startNotifier();
    await withList(bench, ['1001']);
    await subscribe(bench, { headers });
    expect(bench.edge.answers[0]?.status).toBe(200);
    expect(read(bench.edge.last).resources).toHaveLength(1);
  });

  it('without support gets the lamp of that ID, if somebody has set it', async () => {
    await using bench = await startNotifier();
    await withList(bench, ['1001']);
    await set(bench, 'desk', 'busy');
    await subscribe(bench, { headers: [] });
    expect(bench.edge.last).toMatchObject({ contentType: 'application/dialog-info+xml' });
    await subscribe(bench, { callId: 'call-2' });
    expect(read(bench.edge.last).uri).toBe(DESK);
  });

  it('that cannot be served leaves no subscription behind', async () => {
    await using bench = await startNotifier();
    await withList(bench, ['1001']);
    const away = () => Promise.reject(new Fault('STORE_AWAY', 'Cannot read'));
    vi.spyOn(bench.store.boards, 'getMany').mockImplementationOnce(away);
    await subscribe(bench);
    expect(bench.edge.answers).toMatchObject([{ status: 503 }]);
    expect(await bench.notifier.service.watchers({ realm: REALM, user: 'desk' })).toEqual([]);
  });

  it('of a phone that supports lists, to an ID that is none, gets that lamp', async () => {
    await using bench = await startNotifier();
    const headers = ['Supported: eventlist', 'Accept: multipart/related, application/dialog-info+xml'];
    await subscribe(bench, { headers });
    expect(bench.edge.last).toMatchObject({ contentType: 'application/dialog-info+xml' });
    await subscribe(bench, {
      callId: 'call-2',
      headers: ['Supported: eventlist', 'Accept: multipart/related'],
    });
    expect(bench.edge.answers.at(-1)).toMatchObject({ status: 406 });
  });

  it('is found by any case of its URI, in its realm only', async () => {
    await using bench = await startNotifier();
    await withList(bench, ['1001']);
    await subscribe(bench, { uri: 'sip:DESK@acme.example' });
    expect(read(bench.edge.last).resources).toHaveLength(1);
    await subscribe(bench, { uri: 'sip:desk@other.example', callId: 'call-2' });
    expect(bench.edge.last.contentType).not.toContain('multipart');
  });

  it('with Event: presence has PIDF of each member', async () => {
    await using bench = await startNotifier();
    await withList(bench, ['1001', '1002']);
    await set(bench, '1001', 'busy');
    await subscribe(bench, { event: 'presence', flow: TCP });
    const memory = new ListMemory();
    memory.take(read(bench.edge.last));
    expect(memory.states()).toEqual({
      'sip:1001@acme.example': 'on-the-phone',
      'sip:1002@acme.example': 'open',
    });
  });

  it('of a phone set up for BroadWorks has documents as those are: no scheme, two identities', async () => {
    const userAgent = 'Desk';
    await using bench = await startNotifier({ profiles: [{ userAgent, like: 'broadworks', changes: {} }] });
    await withList(bench, ['1001']);
    await subscribe(bench, { flow: TCP, headers: [...HEADERS, 'User-Agent: Desk 1'] });
    const [resource] = read(bench.edge.last).resources;
    expect(resource?.uri).toBe('sip:1001@acme.example');
    expect(resource?.document).toContain('entity="1001@acme.example"');
    expect(resource?.document).toMatch(
      /<identity>sip:1001@acme.example<\/identity><identity>tel:1001;ext=1001</,
    );
  });

  it('with Expires: 0 fetches all of it in one NOTIFY (RFC 6665 §4.4.3)', async () => {
    await using bench = await startNotifier();
    await withList(
      bench,
      Array.from({ length: 40 }, (_, index) => `${1000 + index}`),
    );
    await subscribe(bench, { expires: 0 });
    const { last, notifies } = bench.edge;
    expect(notifies).toHaveLength(1);
    expect(last.subscriptionState).toBe('terminated;reason=timeout');
    expect(read(last).resources.filter(({ document }) => document === null)).toEqual([]);
  });

  it('names members with the host that the phone used, and those of other realms with theirs', async () => {
    await using bench = await startNotifier({
      lists: {
        batchMs: 200,
        udpOctets: 1300,
        streamOctets: 65_500,
        mostOctets: 65_500,
        mostMembers: 9,
        fixed: [
          {
            realm: 'default',
            id: 'all',
            name: 'all',
            members: [{ id: '#30' }, { id: '1001@x.example' }],
            rev: 0,
          },
        ],
      },
    });
    await subscribe(bench, { uri: 'sip:all@192.0.2.1:5060', flow: TCP });
    // x.example is not granted to the realm.
    expect(read(bench.edge.last).resources.map(({ uri }) => uri)).toEqual(['sip:%2330@192.0.2.1:5060']);
  });
});

describe('a change of a member', () => {
  it('is told alone, one version later, with the newest state of that member (RFC 4662 §5.2)', async () => {
    await using bench = await watched(['1001', '1002', '1003']);
    await set(bench, '1002', 'ringing');
    await bench.pass(250);
    expect(bench.edge.notifies).toHaveLength(2);
    const list = read(bench.edge.last);
    expect(list).toMatchObject({ version: 1, fullState: false, name: null });
    expect(list.resources).toMatchObject([{ uri: 'sip:1002@acme.example' }]);
    expect(list.resources[0]?.document).toContain('<state>early</state>');
    expect(list.resources[0]?.document).toContain('version="1"');
  });

  it('waits for others: ten changes are one NOTIFY', async () => {
    const users = Array.from({ length: 10 }, (_, index) => `${1001 + index}`);
    await using bench = await watched(users);
    for (const user of users) await set(bench, user, 'busy');
    expect(bench.edge.notifies).toHaveLength(1);
    await bench.pass(250);
    expect(bench.edge.notifies).toHaveLength(2);
    expect(read(bench.edge.last).resources).toHaveLength(10);
  });

  it('while a NOTIFY is in flight follows its answer', async () => {
    await using bench = await watched(['1001', '1002']);
    await set(bench, '1001', 'busy');
    await bench.pass(250);
    await set(bench, '1001', 'idle');
    await set(bench, '1002', 'busy');
    await bench.pass(5000);
    expect(bench.edge.notifies).toHaveLength(2);
    bench.edge.settle(200);
    await bench.pass(250);
    const { resources } = read(bench.edge.last);
    expect(resources.map(({ uri }) => uri)).toEqual(uris('1001', '1002'));
  });

  it('that changes nothing of what phones see is not told', async () => {
    await using bench = await watched(['1001']);
    await set(bench, '1001', 'busy');
    await bench.pass(250);
    bench.edge.settle(200);
    await bench.notifier.service.setManual({ realm: REALM, user: '1001' }, { status: 'busy', note: 'Lunch' });
    await bench.pass(35_000);
    expect(bench.edge.notifies).toHaveLength(2);
  });

  it('shares one encoding with those who watch the member alone', async () => {
    await using bench = await watched(['1001']);
    bench.edge.subscribe({ uri: 'sip:1001@acme.example', callId: 'alone' });
    await settled();
    const alone = bench.edge.last.body.replace(/version="\d+"/, '');
    expect(
      read(bench.edge.notifies[0] ?? expect.fail()).resources[0]?.document?.replace(/version="\d+"/, ''),
    ).toBe(alone);
  });

  it('keeps to the rate of the subscription', async () => {
    await using bench = await watched(['1001', '1002']);
    for (let turn = 0; turn < 8; turn += 1) {
      await set(bench, '1001', turn % 2 === 0 ? 'busy' : 'idle');
      await bench.pass(250);
      if (bench.edge.notifies.length > turn + 1) bench.edge.settle(200);
    }
    // Burst 3 with the first, then one a second: 2 s are over.
    expect(bench.edge.notifies.length).toBeLessThanOrEqual(5);
  });
});

describe('a list that does not fit into one datagram', () => {
  const users = Array.from({ length: 100 }, (_, index) => `${1001 + index}`);

  it('goes on in the next NOTIFY when the one before is confirmed, one in flight', async () => {
    await using bench = await watched(users, { flow: UDP });
    expect(bench.edge.notifies).toHaveLength(2);
    const all = [...bench.edge.notifies.slice(0, 1), ...drain(bench, 1)];
    const [first, ...more] = all.map(read);
    expect(first).toMatchObject({ version: 0, fullState: true });
    // RFC 4662 §5.2: full state has every resource of the list.
    expect(first?.resources.map(({ uri }) => uri)).toEqual(uris(...users));
    expect(more.every(({ fullState, resources }) => !fullState && resources.length === 1)).toBe(true);
    const memory = new ListMemory();
    for (const list of [first ?? expect.fail(), ...more]) memory.take(list);
    expect(Object.values(memory.states())).toEqual(users.map(() => 'terminated'));
  });

  it('needs more NOTIFYs where even the names of all could not be sent at once', async () => {
    const small = {
      batchMs: 200,
      udpOctets: 1300,
      streamOctets: 1300,
      mostOctets: 2500,
      mostMembers: 100,
      fixed: [],
    };
    await using bench = await startNotifier({ lists: small });
    await withList(bench, users);
    await subscribe(bench, { flow: UDP });
    const memory = new ListMemory();
    for (const notify of drain(bench, 0)) {
      memory.take(read(notify));
      expect(notify.body.length).toBeLessThan(1300);
    }
    expect(Object.values(memory.states())).toEqual(users.map(() => 'terminated'));
  });

  it('goes into one NOTIFY on a stream', async () => {
    await using bench = await watched(users);
    expect(bench.edge.notifies).toHaveLength(1);
    expect(read(bench.edge.last).resources).toHaveLength(100);
    expect(bench.edge.last.body.length).toBeLessThan(65_535);
  });

  it('has as many documents in each NOTIFY as fit', async () => {
    const limits = {
      batchMs: 200,
      udpOctets: 3000,
      streamOctets: 3000,
      mostOctets: 65_500,
      mostMembers: 500,
      fixed: [],
    };
    await using bench = await startNotifier({ lists: limits });
    await withList(bench, users.slice(0, 20));
    await subscribe(bench, { flow: TCP });
    const { resources } = read(bench.edge.last);
    expect(resources).toHaveLength(20);
    const told = resources.filter(({ document }) => document !== null);
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(20);
    const memory = new ListMemory();
    for (const notify of drain(bench, 0)) {
      memory.take(read(notify));
      expect(notify.body.length + 600).toBeLessThan(3000);
    }
    expect(Object.values(memory.states())).toEqual(users.slice(0, 20).map(() => 'terminated'));
  });

  it('tells what changes meanwhile, too, and the rate counts it as one', async () => {
    await using bench = await watched(users, { flow: UDP });
    await set(bench, '1001', 'busy');
    await set(bench, '1100', 'busy');
    drain(bench, 1);
    const before = bench.edge.notifies.length;
    await bench.pass(300);
    drain(bench, before);
    const memory = new ListMemory();
    for (const notify of bench.edge.notifies) memory.take(read(notify));
    expect(memory.states()).toMatchObject({
      'sip:1001@acme.example': 'confirmed',
      'sip:1100@acme.example': 'confirmed',
    });
    expect(bench.edge.notifies).toHaveLength(before + 1);
  });
});

describe('a NOTIFY of a list that was not confirmed', () => {
  it('is followed by all of it: a phone that missed a version could not tell what it lacks', async () => {
    await using bench = await watched(['1001', '1002']);
    await set(bench, '1001', 'busy');
    await bench.pass(250);
    bench.edge.settle(503);
    await bench.pass(2_100);
    const list = read(bench.edge.last);
    expect(list).toMatchObject({ version: 2, fullState: true });
    expect(list.resources).toHaveLength(2);
    bench.edge.settle(200);
    await bench.pass(35_000);
    expect(bench.edge.notifies).toHaveLength(3);
  });

  it('begins anew when a page in the middle was lost', async () => {
    const users = Array.from({ length: 6 }, (_, index) => `${1001 + index}`);
    await using bench = await watched(users, { flow: UDP });
    bench.edge.settle({ kind: 'timeout' });
    await bench.pass(2_100);
    expect(read(bench.edge.last).fullState).toBe(true);
    const from = bench.edge.notifies.length - 1;
    const memory = new ListMemory();
    for (const notify of drain(bench, from)) memory.take(read(notify));
    expect(memory.lamps.size).toBe(6);
  });
});

describe('a SUBSCRIBE in the dialog of a list', () => {
  it('is told all of it again (RFC 4662 §5.2), whatever its Accept and Supported say', async () => {
    await using bench = await watched(['1001', '1002']);
    const toTag = bench.edge.notifies[0]?.slot.record.id ?? '';
    await subscribe(bench, { toTag, flow: TCP, headers: ['Accept: multipart/related'] });
    expect(bench.edge.answers.at(-1)).toMatchObject({ status: 200 });
    expect(bench.edge.answers.at(-1)?.headers.slice(-2)).toEqual(['require', 'eventlist']);
    expect(read(bench.edge.last)).toMatchObject({ version: 1, fullState: true });
    expect(read(bench.edge.last).resources).toHaveLength(2);
  });

  it('with Expires: 0 ends it with a last NOTIFY', async () => {
    await using bench = await watched(['1001']);
    const toTag = bench.edge.notifies[0]?.slot.record.id ?? '';
    await subscribe(bench, { toTag, flow: TCP, expires: 0 });
    expect(bench.edge.last.subscriptionState).toBe('terminated;reason=timeout');
    expect(read(bench.edge.last)).toMatchObject({ fullState: true });
    bench.edge.settle(200);
    await set(bench, '1001', 'busy');
    await bench.pass(5_000);
    expect(bench.edge.notifies).toHaveLength(2);
  });
});

describe('a list that is changed while phones watch it', () => {
  it('is told anew: who is gone, and who has come', async () => {
    await using bench = await watched(['1001', '1002']);
    await set(bench, '1003', 'busy');
    await withList(bench, ['1003', '1001'], 1);
    await bench.pass(250);
    const list = read(bench.edge.last);
    expect(list).toMatchObject({ version: 1, fullState: true });
    expect(list.resources.map(({ uri }) => uri)).toEqual(uris('1003', '1001'));
    expect(list.resources[0]?.document).toContain('<state>confirmed</state>');
    bench.edge.settle(200);
    await set(bench, '1002', 'busy');
    await set(bench, '1003', 'idle');
    await bench.pass(1_500);
    expect(read(bench.edge.last).resources).toMatchObject([{ uri: 'sip:1003@acme.example' }]);
  });

  it('by another node is told within 4 s', async () => {
    await using bench = await watched(['1001']);
    const [list] = await bench.store.lists.all(REALM);
    const next = { ...(list ?? expect.fail()), rev: 2, members: [{ id: '1009', name: 'J\u00f6rg & Co' }] };
    await bench.store.lists.save(next, 1);
    await bench.pass(4_300);
    expect(read(bench.edge.last).resources).toMatchObject([
      { uri: 'sip:1009@acme.example', name: 'J\u00f6rg &amp; Co' },
    ]);
  });

  it('ends the subscription when it is deleted (RFC 6665 §4.1.3)', async () => {
    await using bench = await watched(['1001']);
    expect(await bench.notifier.lists.remove(REALM, 'desk', 1)).toBe('ok');
    await settled();
    expect(bench.edge.last.subscriptionState).toBe('terminated;reason=noresource');
    bench.edge.settle(200);
    await settled();
    expect(await bench.store.subscriptions.count({ realm: REALM, user: 'desk' }, 0)).toBe(0);
  });

  it('that says the same is not told', async () => {
    await using bench = await watched(['1001']);
    await withList(bench, ['1001'], 1);
    await bench.pass(5_000);
    expect(bench.edge.notifies).toHaveLength(1);
  });
});

describe('after a crash', () => {
  it('phones are told all of their list, with numbers that have grown (RFC 4662 §5.2)', async () => {
    await using bench = await watched(['1001', '1002']);
    await bench.pass(1_100);
    await using again = await bench.crash();
    await again.pass(250);
    const list = read(again.edge.last);
    expect(list.fullState).toBe(true);
    expect(list.version).toBeGreaterThan(10_000);
    expect(again.edge.last.cseq).toBeGreaterThan(10_000);
    again.edge.settle(200);
    await set(again, '1002', 'busy');
    await again.pass(250);
    expect(read(again.edge.last)).toMatchObject({ version: list.version + 1, fullState: false });
  });

  it('a list that was deleted meanwhile ends the subscription', async () => {
    await using bench = await watched(['1001']);
    await bench.store.lists.remove(REALM, 'desk', 1);
    await using again = await bench.crash();
    await again.pass(250);
    again.edge.settle(200);
    await again.pass(2_100);
    expect(again.edge.last.subscriptionState).toBe('terminated;reason=noresource');
  });
});
