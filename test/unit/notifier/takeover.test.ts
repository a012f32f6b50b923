import { describe, expect, it } from 'vitest';
import { NIGHT } from '../../support/boards.ts';
import { settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';

async function subscribed(): Promise<NotifierBench> {
  const bench = await startNotifier();
  bench.edge.subscribe();
  await settled();
  bench.edge.settle(200);
  await bench.pass(1_500);
  return bench;
}

function versionOf(body: string): number {
  return Number(/version="(\d+)"/.exec(body)?.[1]);
}

describe('a process that was killed and starts again', () => {
  it('says nothing to a phone that has confirmed what is on the board', async () => {
    await using bench = await subscribed();
    const again = await bench.crash();
    await again.pass(60_000);
    expect(again.edge.notifies).toHaveLength(0);
    await again.store.close();
  });

  it('tells what was never confirmed, in the same dialog, with higher CSeq and version', async () => {
    await using bench = await subscribed();
    await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    const before = bench.edge.last;
    const again = await bench.crash();
    expect(again.edge.notifies).toHaveLength(1);
    expect(again.edge.last.body).toContain('<state>confirmed</state>');
    expect(again.edge.last.cseq).toBeGreaterThan(before.cseq);
    expect(versionOf(again.edge.last.body)).toBeGreaterThan(versionOf(before.body));
    expect(again.edge.last.slot.record.dialog).toEqual(before.slot.record.dialog);
    await again.store.close();
  });

  it('never uses a number twice, however often it is killed before it can write', async () => {
    await using bench = await subscribed();
    await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    const second = await bench.crash();
    const third = await second.crash();
    expect(third.edge.last.cseq).toBeGreaterThan(second.edge.last.cseq);
    expect(versionOf(third.edge.last.body)).toBeGreaterThan(versionOf(second.edge.last.body));
    await third.store.close();
  });

  it('answers the refresh of a dialog from before', async () => {
    await using bench = await subscribed();
    const tag = bench.edge.answers[0]?.toTag ?? '';
    const again = await bench.crash();
    again.edge.subscribe({ toTag: tag, cseq: 2 });
    await settled();
    expect(again.edge.order).toEqual(['200', expect.stringMatching(/^NOTIFY \d{5}$/)]);
    await again.store.close();
  });

  it('ends what ran out while it was away, and tells the phone', async () => {
    await using bench = await subscribed();
    bench.clock.forget();
    await bench.pass(700_000);
    const again = await bench.crash();
    await again.pass(100);
    expect(again.edge.last.subscriptionState).toBe('terminated;reason=timeout');
    await again.store.close();
  });

  it('lets a manual status run out that another process had set', async () => {
    await using bench = await subscribed();
    await bench.notifier.service.setManual(NIGHT, { status: 'busy', expiresIn: 10 });
    bench.edge.settle(200);
    await bench.pass(1_500);
    const again = await bench.crash();
    await again.pass(10_000);
    expect(again.edge.last.body).toContain('<state>terminated</state>');
    await again.store.close();
  });
});
