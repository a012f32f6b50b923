import { describe, expect, it } from 'vitest';
import type { Flow } from '../../../src/ports/edge.ts';
import { NIGHT } from '../../support/boards.ts';
import { settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';
import { FLOW } from '../../support/recording-edge.ts';

async function subscribed(): Promise<NotifierBench> {
  const bench = await startNotifier();
  bench.edge.subscribe();
  await settled();
  bench.edge.settle(200);
  return bench;
}

const set = (bench: NotifierBench, status: 'idle' | 'ringing' | 'busy') =>
  bench.notifier.service.setManual(NIGHT, { status });

describe('a change of a board', () => {
  it('reaches every watcher, with version and CSeq of its own subscription', async () => {
    await using bench = await subscribed();
    bench.edge.subscribe({ callId: 'call-2', contact: '<sip:1002@192.0.2.11:5062>' });
    await settled();
    bench.edge.settle(200);
    await set(bench, 'busy');
    const [first, second] = bench.edge.notifies.slice(-2);
    expect([first?.cseq, second?.cseq]).toEqual([2, 2]);
    for (const notify of [first, second]) expect(notify?.body).toContain('version="1" state="full"');
  });

  it('is told under the URI that each phone asked for, however many they are', async () => {
    await using bench = await startNotifier();
    const uris = ['sip:night@acme.example', 'sip:NIGHT@acme.example'];
    for (let phone = 0; phone < 12; phone += 1) {
      const uri = uris[Number(phone % 5 === 0)] ?? '';
      bench.edge.subscribe({ callId: `call-${phone}`, uri, contact: `<sip:${phone}@192.0.2.11>` });
    }
    await settled();
    for (const notify of [...bench.edge.notifies]) bench.edge.settle(200, notify);
    await set(bench, 'busy');
    const told = bench.edge.notifies.slice(12);
    expect(told).toHaveLength(12);
    for (const { slot, body } of told) {
      expect(body).toContain(`version="1" state="full" entity="${slot.record.entity}"`);
      expect(body).toContain(`<identity>${slot.record.entity}</identity>`);
    }
    expect(new Set(told.map(({ slot }) => slot.record.entity)).size).toBe(2);
  });

  it('says nothing when nothing changed', async () => {
    await using bench = await subscribed();
    await set(bench, 'busy');
    bench.edge.settle(200);
    const result = await set(bench, 'busy');
    expect(result.changed).toBe(false);
    expect(bench.edge.notifies).toHaveLength(2);
  });

  it('is not told to phones whose document says the same, nor after a crash', async () => {
    await using bench = await subscribed();
    const { service } = bench.notifier;
    await service.putLeg(NIGHT, { id: 'c1', state: 'early', expiresIn: 60 });
    bench.edge.settle(200);
    // The ringing call outranks the manual status: the lamp stays as it is.
    expect((await set(bench, 'busy')).changed).toBe(true);
    await bench.pass(31_000);
    expect(bench.edge.notifies).toHaveLength(2);
    const again = await bench.crash();
    expect(again.edge.notifies).toHaveLength(0);
    await again.notifier.service.endLeg(NIGHT, 'c1');
    expect(again.edge.last.body).toContain('<state>confirmed</state>');
  });

  it('keeps one NOTIFY in flight and sends the newest state after its answer', async () => {
    await using bench = await subscribed();
    await set(bench, 'busy');
    await set(bench, 'idle');
    await set(bench, 'ringing');
    expect(bench.edge.notifies).toHaveLength(2);
    bench.edge.settle(200);
    expect(bench.edge.notifies).toHaveLength(3);
    expect(bench.edge.last.body).toContain('<state>early</state>');
    bench.edge.settle(200);
    await bench.pass(5_000);
    expect(bench.edge.notifies).toHaveLength(3);
  });

  it('RFC 4235 §3.10: after a burst of three tells a subscription once a second, the newest state', async () => {
    await using bench = await subscribed();
    for (const status of ['busy', 'ringing', 'busy', 'idle'] as const) {
      await set(bench, status);
      if (bench.edge.notifies.length < 4) bench.edge.settle(200);
    }
    expect(bench.edge.notifies).toHaveLength(3);
    await bench.pass(1_100);
    expect(bench.edge.notifies).toHaveLength(4);
    expect(bench.edge.last.body).toContain('<state>terminated</state>');
  });

  it('tells the watchers of a realm, not those of the same ID in another, and the answer says so', async () => {
    await using bench = await subscribed();
    const result = await bench.notifier.service.setManual(
      { realm: 'other', user: 'night' },
      { status: 'busy' },
    );
    expect(result).toMatchObject({ changed: true, watchers: 0, watchedInstead: ['acme.example'] });
    expect(bench.edge.notifies).toHaveLength(1);
  });
});

describe('a NOTIFY that fails', () => {
  it.each([481, 404, 489])(
    'RFC 6665 §4.2.2: %i ends the subscription without another word',
    async (status) => {
      await using bench = await subscribed();
      await set(bench, 'busy');
      bench.edge.settle(status);
      await settled();
      await set(bench, 'idle');
      expect(bench.edge.notifies).toHaveLength(2);
      expect(bench.edge.released).toMatchObject([{ told: false }]);
      expect(await bench.notifier.service.watchers(NIGHT)).toHaveLength(0);
    },
  );

  it('with 500 is tried again after 2 s, 10 s, 30 s, with the newest state', async () => {
    await using bench = await subscribed();
    await set(bench, 'busy');
    for (const [wait, count] of [
      [2_000, 3],
      [10_000, 4],
      [30_000, 5],
    ] as const) {
      bench.edge.settle(500);
      await bench.pass(wait - 100);
      expect(bench.edge.notifies).toHaveLength(count - 1);
      await bench.pass(200);
      expect(bench.edge.notifies).toHaveLength(count);
    }
    expect(bench.edge.last.body).toContain('<state>confirmed</state>');
  });

  it('waits as long as Retry-After asks', async () => {
    await using bench = await subscribed();
    await set(bench, 'busy');
    bench.edge.settle({ kind: 'answered', status: 503, retryAfter: 7 });
    await bench.pass(6_900);
    expect(bench.edge.notifies).toHaveLength(2);
    await bench.pass(200);
    expect(bench.edge.notifies).toHaveLength(3);
  });

  it('by silence on UDP keeps the subscription until the third time in a row', async () => {
    await using bench = await subscribed();
    await set(bench, 'busy');
    bench.edge.settle({ kind: 'timeout' });
    await bench.pass(2_100);
    bench.edge.settle({ kind: 'timeout' });
    await bench.pass(10_100);
    expect(await bench.notifier.service.watchers(NIGHT)).toHaveLength(1);
    bench.edge.settle({ kind: 'timeout' });
    await settled();
    expect(await bench.notifier.service.watchers(NIGHT)).toHaveLength(0);
  });

  it('is tried at once when the phone is heard again on its flow', async () => {
    await using bench = await subscribed();
    await set(bench, 'busy');
    bench.edge.settle({ kind: 'timeout' });
    await settled();
    bench.edge.subscribe({ callId: 'another', uri: 'sip:1002@acme.example' });
    expect(bench.edge.notifies).toHaveLength(3);
    expect(bench.edge.last.body).toContain('<state>confirmed</state>');
  });
});

describe('time', () => {
  it('takes a manual status away when its time is up, and says so to the phones', async () => {
    await using bench = await subscribed();
    await bench.notifier.service.setManual(NIGHT, { status: 'busy', expiresIn: 30 });
    bench.edge.settle(200);
    await bench.pass(29_700);
    expect(bench.edge.notifies).toHaveLength(2);
    await bench.pass(900);
    expect(bench.edge.notifies).toHaveLength(3);
    expect(bench.edge.last.body).toContain('<state>terminated</state>');
  });
});

describe('a document that may not fit into a datagram', () => {
  const remote = { identity: 'sip:boss@acme.example', display: 'The Boss '.repeat(60) };

  async function rung(flow?: { readonly flow: Flow }): Promise<NotifierBench> {
    const bench = await startNotifier();
    bench.edge.subscribe(flow);
    await settled();
    bench.edge.settle(200);
    await bench.notifier.service.putLeg(NIGHT, { id: 'c1', state: 'early', expiresIn: 60, remote });
    return bench;
  }

  it('comes with a brief one of the same version, for UDP only', async () => {
    await using bench = await rung();
    const { body, brief } = bench.edge.last;
    expect(body).toContain('The Boss');
    expect(brief).toContain('version="1" state="full"');
    expect(brief).toContain('<identity>sip:boss@acme.example</identity>');
    expect(brief).not.toContain('The Boss');
    await using stream = await rung({ flow: { ...FLOW, transport: 'tcp' } });
    expect(stream.edge.last.brief).toBeUndefined();
  });

  it('is brief again after the next change', async () => {
    await using bench = await rung();
    bench.edge.settle(200);
    await bench.notifier.service.putLeg(NIGHT, { id: 'c1', state: 'confirmed', expiresIn: 60, remote });
    expect(bench.edge.last.brief).toContain('<state>confirmed</state>');
    bench.edge.settle(200);
    await bench.notifier.service.endLeg(NIGHT, 'c1');
    await bench.pass(2_000);
    expect(bench.edge.last.brief).toBeUndefined();
  });
});
