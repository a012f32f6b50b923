import { expect, vi } from 'vitest';
import type { SipRequest } from '../../src/sip/message.ts';
import { type LampDocument, readNotify } from './lamp-document.ts';
import type { LamplighterProcess } from './lamplighter-process.ts';
import { openPhone, type Phone, type PhoneSubscription, randomToken } from './phone.ts';

/** How long a lamp may be late: a lost node is taken over 5 s after its last heartbeat, and told within 5 s of that. */
const RIGHT_MS = 15_000;

/** A phone that watches an ID of its own. */
export interface WatchingPhone {
  readonly id: string;
  readonly phone: Phone;
  readonly subscription: PhoneSubscription;
}

/** Opens a phone that has subscribed, and shows an idle lamp. */
export async function watchAt(
  node: LamplighterProcess,
  transport: 'udp' | 'tcp' = 'udp',
): Promise<WatchingPhone> {
  const id = `lamp-${randomToken()}`;
  const phone = await openPhone({ transport, server: node.place(transport) });
  const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`);
  await vi.waitFor(() => expect(shownBy(subscription)).toBe('terminated'), { timeout: RIGHT_MS });
  return { id, phone, subscription };
}

const read = new WeakMap<SipRequest, LampDocument>();

/** What a phone has been told, in the order of arrival; each NOTIFY is read once. */
function documentsOf({ notifies }: PhoneSubscription): readonly LampDocument[] {
  return notifies.all.map((notify) => {
    const document = read.get(notify) ?? readNotify(notify);
    read.set(notify, document);
    return document;
  });
}

/** The lamp that the phone shows: it takes what has a higher CSeq than all before. */
export function shownBy(subscription: PhoneSubscription): string | undefined {
  const documents = documentsOf(subscription).toSorted((one, two) => one.cseq - two.cseq);
  return documents.at(-1)?.lamp;
}

/** Sets all lamps at once through a node. */
export async function setAll(
  node: LamplighterProcess,
  watching: readonly WatchingPhone[],
  status: 'busy' | 'ringing' | 'idle',
): Promise<void> {
  await Promise.all(watching.map(({ id }) => node.set(id, status)));
}

/** Waits until all show this lamp. */
export async function allShow(
  watching: readonly WatchingPhone[],
  lamp: string,
  timeout = RIGHT_MS,
): Promise<void> {
  const shown = () => watching.map(({ subscription }) => shownBy(subscription));
  await vi.waitFor(() => expect(shown()).toEqual(watching.map(() => lamp)), { timeout, interval: 100 });
}

/** In the order of arrival CSeq and version only grow, and no subscription was ended. */
export function expectOneDialog(watching: readonly WatchingPhone[]): void {
  for (const { subscription } of watching) {
    const documents = documentsOf(subscription);
    for (const [index, { cseq, version, subscriptionState }] of documents.entries()) {
      const before = documents[index - 1];
      expect(cseq).toBeGreaterThan(before?.cseq ?? -1);
      expect(version ?? -1).toBeGreaterThan(before?.version ?? -1);
      expect(subscriptionState).toMatch(/^active/);
    }
  }
}
