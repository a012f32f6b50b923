import { describe, expect, test, vi } from 'vitest';
import { headerOf } from '../../src/sip/message.ts';
import { COMBINATIONS } from '../support/combination.ts';
import type { LamplighterProcess } from '../support/lamplighter-process.ts';
import { setLamplighterStage } from '../support/lamplighter-stage.ts';
import { type Phone, type PhoneSubscription, randomToken } from '../support/phone.ts';

/** How many subscriptions of a presence ID live. */
async function watchersOf(lamplighter: LamplighterProcess, id: string): Promise<number> {
  const { body } = await lamplighter.api('GET', `/v1/realms/default/presence/${id}/watchers`);
  return (body.items as readonly unknown[]).length;
}

const EDGES = COMBINATIONS.filter(({ edge, store }) => edge === 'drachtio' || store === 'embedded');

describe.each(EDGES)('a phone that subscribes to one ID twice ($name)', (combination) => {
  const stage = setLamplighterStage(combination);

  /** A phone with two subscriptions; it has heard the first NOTIFY of each. */
  async function twice(phone: Phone, id: string): Promise<readonly [PhoneSubscription, PhoneSubscription]> {
    const before = await phone.subscribe(`sip:${id}@127.0.0.1`);
    await before.nextNotify();
    const after = await phone.subscribe(`sip:${id}@127.0.0.1`);
    await after.nextNotify();
    return [before, after];
  }

  test.concurrent('has two keys for it: both stay, and both lamps are right', async () => {
    const id = `lamp-${randomToken()}`;
    const phone = await stage.phone({ transport: 'udp' });
    const [one, two] = await twice(phone, id);
    await one.nextNotify();
    await stage.lamplighter.set(id, 'busy');
    for (const key of [one, two]) expect((await key.nextNotify()).body).toContain('<state>confirmed</state>');
    expect(await watchersOf(stage.lamplighter, id)).toBe(2);
  });

  test.concurrent('was switched off in between: its 481 ends the older one at once', async () => {
    const id = `lamp-${randomToken()}`;
    const phone = await stage.phone({ transport: 'udp' });
    const known = new Set<string | null>();
    phone.answer = (request) => {
      const callId = headerOf(request, 'call-id');
      return { status: known.size > 0 && !known.has(callId) ? 481 : 200 };
    };
    const before = await phone.subscribe(`sip:${id}@127.0.0.1`);
    await before.nextNotify();
    // After the reboot it knows of nothing but what it has just asked for.
    phone.listen((message) => {
      const callId = headerOf(message, 'call-id');
      if (message.kind === 'response' && callId !== before.callId) known.add(callId);
    });
    const after = await phone.subscribe(`sip:${id}@127.0.0.1`);
    await after.nextNotify();
    await vi.waitFor(async () => expect(await watchersOf(stage.lamplighter, id)).toBe(1), {
      timeout: 20_000,
      interval: 100,
    });
  });
});
