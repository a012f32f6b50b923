import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { readNotify } from '../support/lamp-document.ts';
import {
  freshSettings,
  type LamplighterProcess,
  runLamplighter,
  startLamplighter,
} from '../support/lamplighter-process.ts';
import { openPhone, type Phone, type PhoneSubscription, randomToken } from '../support/phone.ts';
import { redisForTests } from '../support/redis.ts';

/** A lost node is taken over 5 s after its last heartbeat, and every lamp is right within 5 s of that. */
const RIGHT_MS = 15_000;
const TIMEOUT_MS = 180_000;
const PHONES = 20;

interface Watcher {
  readonly id: string;
  readonly phone: Phone;
  readonly subscription: PhoneSubscription;
}

/** Two nodes on one Redis, and phones that have subscribed at the first. They take NOTIFYs from both. */
async function openNodes() {
  await using opened = new AsyncDisposableStack();
  const redis = opened.use(await redisForTests());
  const shared = {
    REDIS_URL: redis.url,
    LAMPLIGHTER_REDIS_PREFIX: redis.prefix,
    LAMPLIGHTER_NODES_TAKE_OVER: 'udp',
  };
  const one = opened.use(await startLamplighter(shared));
  const other = opened.use(await startLamplighter(shared));
  const watchers = await Promise.all(Array.from({ length: PHONES }, () => watchAt(one)));
  for (const { phone } of watchers) opened.use(phone);
  const kept = opened.move();
  return { shared, one, other, watchers, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function watchAt(node: LamplighterProcess): Promise<Watcher> {
  const id = `lamp-${randomToken()}`;
  const phone = await openPhone({ transport: 'udp', server: node.place('udp') });
  const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`);
  await vi.waitFor(() => expect(shownBy(subscription)).toBe('terminated'), { timeout: RIGHT_MS });
  return { id, phone, subscription };
}

/** The lamp that the phone shows: it takes what has a higher CSeq than all before. */
function shownBy({ notifies }: PhoneSubscription): string | undefined {
  const documents = notifies.all.map(readNotify).sort((one, two) => one.cseq - two.cseq);
  return documents.at(-1)?.lamp;
}

async function setAll(
  node: LamplighterProcess,
  watchers: readonly Watcher[],
  status: 'busy' | 'ringing' | 'idle',
) {
  await Promise.all(watchers.map(({ id }) => node.set(id, status)));
}

async function allShow(watchers: readonly Watcher[], lamp: string, timeout = RIGHT_MS): Promise<void> {
  const shown = () => watchers.map(({ subscription }) => shownBy(subscription));
  await vi.waitFor(() => expect(shown()).toEqual(watchers.map(() => lamp)), { timeout, interval: 100 });
}

/** In the order of arrival CSeq and version only grow, and no subscription was ended. */
function expectOneDialog(watchers: readonly Watcher[]): void {
  for (const { subscription } of watchers) {
    const documents = subscription.notifies.all.map(readNotify);
    for (const [index, { cseq, version, subscriptionState }] of documents.entries()) {
      const before = documents[index - 1];
      expect(cseq).toBeGreaterThan(before?.cseq ?? -1);
      expect(version ?? -1).toBeGreaterThan(before?.version ?? -1);
      expect(subscriptionState).toMatch(/^active/);
    }
  }
}

function countOf(watchers: readonly Watcher[]): number {
  return watchers.reduce((sum, { subscription }) => sum + subscription.notifies.all.length, 0);
}

describe('two nodes on one Redis', { timeout: TIMEOUT_MS }, () => {
  test('kill -9 of one under load: the other goes on in the same dialogs', async () => {
    await using nodes = await openNodes();
    const { one, other, watchers } = nodes;
    await setAll(other, watchers, 'busy');
    await allShow(watchers, 'confirmed');
    const load = setAll(other, watchers, 'idle');
    await one.kill9();
    await load;
    await setAll(other, watchers, 'ringing');
    await allShow(watchers, 'early');
    expectOneDialog(watchers);

    await one.start();
    const before = countOf(watchers);
    await setAll(one, watchers, 'busy');
    await allShow(watchers, 'confirmed');
    await pause(3_000);
    expect(countOf(watchers) - before).toBe(watchers.length);
    expectOneDialog(watchers);
  });

  test('SIGSTOP for 8 s and SIGCONT: the node finds out that its phones are the other one’s', async () => {
    await using nodes = await openNodes();
    const { one, other, watchers } = nodes;
    one.signal('SIGSTOP');
    await setAll(other, watchers, 'busy');
    const pauseEnd = pause(8_000);
    await allShow(watchers, 'confirmed', 8_000);
    await pauseEnd;
    const before = countOf(watchers);
    await setAll(other, watchers, 'ringing');
    one.signal('SIGCONT');
    await allShow(watchers, 'early');
    await pause(5_000);
    expect(countOf(watchers) - before).toBe(watchers.length);
    expectOneDialog(watchers);
    await setAll(one, watchers, 'idle');
    await allShow(watchers, 'terminated');
    expect(await one.metric('lamplighter_subscriptions{package="dialog"}')).toBe(0);
  });

  test('a graceful stop hands over at once, without a word to the phones', async () => {
    await using nodes = await openNodes();
    const { one, other, watchers } = nodes;
    await one.stop();
    const before = countOf(watchers);
    await vi.waitFor(
      async () => {
        expect(await other.metric('lamplighter_subscriptions{package="dialog"}')).toBe(PHONES);
      },
      { timeout: 4_000, interval: 100 },
    );
    expect(countOf(watchers)).toBe(before);
    await setAll(other, watchers, 'busy');
    await allShow(watchers, 'confirmed', 3_000);
    expectOneDialog(watchers);
  });

  test('a second process with the same node ID is refused in one line', async () => {
    await using redis = await redisForTests();
    const shared = {
      REDIS_URL: redis.url,
      LAMPLIGHTER_REDIS_PREFIX: redis.prefix,
      LAMPLIGHTER_NODE_ID: 'twice',
    };
    await using one = await startLamplighter(shared);
    const { code, lines } = await runLamplighter({ ...freshSettings(), ...shared });
    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/^Cannot run as node "twice": .* \[NODE_ID_TAKEN\]$/)]);
    expect((await one.api('GET', '/healthz')).status).toBe(200);
  });
});
