import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { Flood } from '../support/flooder.ts';
import { readNotify } from '../support/lamp-document.ts';
import { startLamplighter } from '../support/lamplighter-process.ts';
import { openPhone, randomToken } from '../support/phone.ts';

const ROUNDS = 40;
/** On a busy machine every part of this is slow: what counts is that each lamp comes. */
const PATIENCE_MS = 60_000;
/** Loopback is exempt from limits as a rule; here only the API is asked from it. */
const SETTINGS = {
  LAMPLIGHTER_LIMITS_EXEMPT: '192.0.2.1/32',
  LAMPLIGHTER_PACING_BURST: '1000',
  LAMPLIGHTER_LIMITS_REQUEST_BURST: '200',
};

async function startFlood(flood: Flood) {
  const worker = new Worker(new URL('../support/flooder.ts', import.meta.url), { workerData: flood });
  await once(worker, 'online');
  const sent = async (): Promise<number> => {
    worker.postMessage('how many');
    const [count] = await once(worker, 'message');
    return count;
  };
  return { sent, [Symbol.asyncDispose]: async () => void (await worker.terminate()) };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

test.each(['udp', 'tcp'] as const)(
  'while one source floods SUBSCRIBEs over %s, another phone sees each change of its lamp',
  { timeout: 240_000 },
  async (transport) => {
    await using lamplighter = await startLamplighter(SETTINGS);
    const id = `lamp-${randomToken()}`;
    const phone = await openPhone({ transport: 'udp', server: lamplighter.place('udp') });
    const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`);
    await subscription.nextNotify();

    await using flood = await startFlood({
      transport,
      from: '127.0.0.2',
      server: lamplighter.place(transport),
    });
    await expect.poll(() => limited(lamplighter), { timeout: PATIENCE_MS }).toBeGreaterThan(1_000);
    const started = performance.now();
    const before = await flood.sent();
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const busy = round % 2 === 0;
      const from = performance.now();
      await lamplighter.set(id, busy ? 'busy' : 'idle');
      const notify = await subscription.nextNotify(PATIENCE_MS);
      times.push(performance.now() - from);
      expect(readNotify(notify).lamp).toBe(busy ? 'confirmed' : 'terminated');
    }
    const late = await openPhone({ transport: 'tcp', server: lamplighter.place('tcp') });
    expect((await late.subscribe(`sip:${id}@127.0.0.1`)).status).toBe(200);

    const perSecond = ((await flood.sent()) - before) / ((performance.now() - started) / 1000);
    const figures = [0.5, 0.99].map((share) => percentile(times, share).toFixed(1));
    console.log(
      `Flood over ${transport}: ${Math.round(perSecond)} SUBSCRIBEs/s from one source, ${await limited(lamplighter)} dropped; a lamp took ${figures[0]} ms (p50), ${figures[1]} ms (p99)`,
    );
    await Promise.all([phone.close(), late.close()]);
  },
);

function limited(lamplighter: { metric(line: string): Promise<number> }): Promise<number> {
  return lamplighter.metric('lamplighter_edge_events_total{event="rate_limited"}');
}
