import { expect, test } from 'vitest';
import { readNotify } from '../support/lamp-document.ts';
import type { PhoneSubscription } from '../support/phone.ts';
import { EDGES, openStage, type Stage } from '../support/rfc-stage.ts';
import { Storm } from '../support/storm.ts';

const LAMPS = 5;
const ROUNDS = 6;
/** On a busy machine every part of this is slow: what counts is that nothing is lost. */
const PATIENCE_MS = 120_000;

/** How large the storm is, how it comes, and at how many requests new ones are put off. */
const STORMS = {
  embedded: { size: 2_500, transport: 'udp', requests: 100 },
  drachtio: { size: 1_000, transport: 'tcp', requests: 400 },
} as const;

/** Takes NOTIFYs until one shows this lamp. */
async function seen(subscription: PhoneSubscription, lamp: string): Promise<void> {
  while (readNotify(await subscription.nextNotify(PATIENCE_MS)).lamp !== lamp);
}

async function watched(stage: Stage): Promise<PhoneSubscription> {
  const phone = await stage.phone();
  const subscription = await phone.subscribe(stage.uri());
  await seen(subscription, 'terminated');
  return subscription;
}

test.each(EDGES)(
  'a storm of SUBSCRIBEs on $name: every lamp comes, refreshes are served, who is put off comes in later',
  { timeout: 300_000 },
  async ({ edge }) => {
    const { size, transport, requests } = STORMS[edge];
    await using stage = await openStage(edge, {
      overload: { lagMs: 60_000, requests },
      pacing: { burst: 1000 },
    });
    const lamps = await Promise.all(Array.from({ length: LAMPS }, () => watched(stage)));

    const storm = await Storm.open(transport, stage.place(transport), size);
    for (let round = 0; round < ROUNDS; round += 1) {
      const isBusy = round % 2 === 0;
      for (const subscription of lamps) await stage.set(subscription.uri, isBusy ? 'busy' : 'idle');
      for (const subscription of lamps) await seen(subscription, isBusy ? 'confirmed' : 'terminated');
    }
    // A refresh is never the victim of new ones (RFC 6665 §4.2.1.2).
    const refreshed = await Promise.all(lamps.map((subscription) => subscription.refresh(3600)));
    expect(refreshed.map(({ status }) => status)).toEqual(lamps.map(() => 200));

    await expect.poll(() => storm.subscribed, { timeout: PATIENCE_MS, interval: 200 }).toBe(size);
    expect(storm.others).toEqual([]);
    // RFC 3261 §21.5.4: they were told when to come back, and not all the same time.
    expect(storm.retryAfters.length).toBeGreaterThan(0);
    expect(new Set(storm.retryAfters).size).toBeGreaterThan(10);
    expect(await stage.metric('lamplighter_overload_refused_total{kind="subscribe"}')).toBeGreaterThan(0);
    expect(await stage.metric('lamplighter_overload_refused_total{kind="refresh"}')).toBe(0);
    // The double's timers are so short that a slow machine ends some. Where the machine halts for longer than Timer J,
    // there are some more than phones: these would be told 481 by them.
    const all = await stage.metric('lamplighter_subscriptions{package="dialog"}');
    if (edge === 'embedded') expect(all).toBeGreaterThanOrEqual(size + LAMPS);
    await expect.poll(() => stage.metric('lamplighter_overload_level'), { timeout: PATIENCE_MS }).toBe(0);
    console.log(`Storm on ${edge}: ${storm.retryAfters.length} times 503 for ${size} phones`);
    await storm.close();
  },
);
