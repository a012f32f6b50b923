import { describe, expect, it } from 'vitest';
import { NIGHT } from '../../support/boards.ts';
import { settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';

/** The entity-tag of the last NOTIFY. */
function entityTagOf(bench: NotifierBench): string {
  const { headers } = bench.edge.last;
  return headers[headers.indexOf('SIP-ETag') + 1] ?? '';
}

async function subscribed(): Promise<NotifierBench & { readonly toTag: string }> {
  const bench = await startNotifier();
  await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
  bench.edge.subscribe();
  await settled();
  bench.edge.settle(200);
  return Object.assign(bench, { toTag: bench.edge.answers[0]?.toTag ?? '' });
}

describe('RFC 5839', () => {
  it('§6.1: every NOTIFY has an entity-tag, a new one for each state', async () => {
    await using bench = await subscribed();
    const before = entityTagOf(bench);
    await bench.notifier.service.setManual(NIGHT, { status: 'ringing' });
    expect([before, entityTagOf(bench)].every((tag) => /^[\w.-]+$/.test(tag))).toBe(true);
    expect(entityTagOf(bench)).not.toBe(before);
  });

  it.each([
    ['the newest tag', (bench: NotifierBench) => entityTagOf(bench)],
    ['*', () => '*'],
  ])('§6.3: a refresh that has %s is answered 204, without a NOTIFY, and goes on as long', async (_, tag) => {
    await using bench = await subscribed();
    await bench.pass(300_000);
    bench.edge.subscribe({ toTag: bench.toTag, headers: [`Suppress-If-Match: ${tag(bench)}`] });
    await settled();
    expect(bench.edge.answers.at(-1)).toMatchObject({ status: 204, headers: ['expires', '600'] });
    await bench.pass(590_000);
    expect(bench.edge.notifies).toHaveLength(1);
    await bench.notifier.service.setManual(NIGHT, { status: 'idle' });
    expect(bench.edge.notifies).toHaveLength(2);
  });

  it('§6.3: a refresh that has an older tag is answered 200 with a NOTIFY', async () => {
    await using bench = await subscribed();
    bench.edge.subscribe({ toTag: bench.toTag, headers: ['Suppress-If-Match: older'] });
    await settled();
    expect(bench.edge.order.slice(-2)).toEqual(['200', 'NOTIFY 2']);
    expect(bench.edge.last.body).toContain('<state>confirmed</state>');
  });

  it('§6.2: a new subscription that has the state gets a NOTIFY without body, then whole ones', async () => {
    await using bench = await subscribed();
    const tag = entityTagOf(bench);
    const contact = '<sip:1001@192.0.2.11:5062>';
    bench.edge.subscribe({ callId: 'call-2', contact, headers: [`Suppress-If-Match: ${tag}`] });
    await settled();
    expect(bench.edge.last).toMatchObject({ cseq: 1, contentType: '', body: '' });
    expect(entityTagOf(bench)).toBe(tag);
    bench.edge.settle(200);
    await bench.notifier.service.setManual(NIGHT, { status: 'idle' });
    expect(bench.edge.last.body).toContain('<state>terminated</state>');
  });

  it('§5.5: an end that has the state is answered 204, and no NOTIFY follows', async () => {
    await using bench = await subscribed();
    bench.edge.subscribe({ toTag: bench.toTag, expires: 0, headers: ['Suppress-If-Match: *'] });
    await settled();
    expect(bench.edge.order).toEqual(['200', 'NOTIFY 1', '204']);
    expect(bench.edge.released).toHaveLength(1);
    expect(await bench.notifier.service.watchers(NIGHT)).toEqual([]);
  });
});
