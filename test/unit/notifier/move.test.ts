import { describe, expect, it } from 'vitest';
import { NIGHT } from '../../support/boards.ts';
import { settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';
import { FLOW, type SentNotify } from '../../support/recording-edge.ts';

const OLD = { ...FLOW, remoteAddress: '198.51.100.7', remotePort: 30_000 };
const NEW = { ...OLD, remotePort: 31_000 };

/** A phone behind NAT with two subscriptions; gives the first NOTIFY of each. */
async function twice(flow = OLD): Promise<[NotifierBench, SentNotify, SentNotify]> {
  const bench = await startNotifier();
  const firsts: SentNotify[] = [];
  for (const [callId, event] of [
    ['call-1', 'dialog'],
    ['call-2', 'presence'],
  ] as const) {
    bench.edge.subscribe({ callId, event, flow });
    await settled();
    firsts.push(bench.edge.last);
    bench.edge.settle(200);
  }
  const [one, other] = firsts;
  if (one === undefined || other === undefined) throw new Error('No NOTIFY was sent');
  return [bench, one, other];
}

async function refresh(
  bench: NotifierBench,
  one: SentNotify,
  flow = NEW,
  headers: string[] = [],
): Promise<void> {
  bench.edge.subscribe({ callId: 'call-1', toTag: one.slot.record.id, flow, headers });
  await settled();
  bench.edge.settle(200);
}

describe('a phone behind NAT that is heard from another port', () => {
  it('is notified there, and so is all else that it watches', async () => {
    const [opened, one, other] = await twice();
    await using bench = opened;
    await refresh(bench, one);
    expect(one.slot.record.flow).toEqual(NEW);
    expect(other.slot.record.flow).toEqual(NEW);
    // The edge has to find the way anew.
    expect(other.slot.cache).toBeNull();
  });

  it('hears at once what could not be told before', async () => {
    const [opened, one, other] = await twice();
    await using bench = opened;
    await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    for (const notify of bench.edge.notifies.slice(-2)) bench.edge.settle({ kind: 'timeout' }, notify);
    const before = bench.edge.notifies.length;
    await refresh(bench, one);
    const slots = bench.edge.notifies.slice(before).map(({ slot }) => slot);
    expect(slots).toContain(one.slot);
    expect(slots).toContain(other.slot);
  });

  it('is found there after a crash, too', async () => {
    const [opened, one, other] = await twice();
    await refresh(opened, one);
    await opened.pass(1_500);
    await using bench = await opened.crash();
    const stored = await bench.store.subscriptions.find(other.slot.record.id);
    expect(stored?.flow).toEqual(NEW);
  });

  it('does not take along another phone behind the same address', async () => {
    const [opened, one] = await twice();
    await using bench = opened;
    bench.edge.receive(
      [
        'SUBSCRIBE sip:night@acme.example SIP/2.0',
        'Via: SIP/2.0/UDP 192.0.2.11;branch=z9hG4bKother',
        'From: <sip:1002@acme.example>;tag=other',
        'To: <sip:night@acme.example>',
        'Call-ID: call-3',
        'CSeq: 1 SUBSCRIBE',
        'Contact: <sip:1002@192.0.2.11>',
        'Max-Forwards: 70',
        'Event: dialog',
        '',
        '',
      ].join('\n'),
      OLD,
    );
    await settled();
    const third = bench.edge.last;
    bench.edge.settle(200);
    await refresh(bench, one);
    expect(third.slot.record.flow).toEqual(OLD);
  });

  it('moves each stream subscription by itself: the old stream may still be there', async () => {
    const [opened, one, other] = await twice({ ...OLD, transport: 'tcp' });
    await using bench = opened;
    await refresh(bench, one, { ...NEW, transport: 'tcp' });
    expect(one.slot.record.flow.remotePort).toBe(31_000);
    expect(other.slot.record.flow.remotePort).toBe(30_000);
  });
});

describe('RFC 5626 §5.3: a stream that is closed', () => {
  // The phone of these tests says in its Contact that it listens at 192.0.2.10:5062.
  it.each([
    ['tls', '198.51.100.7', 40_000],
    ['tls', '192.0.2.10', 5062],
    ['ws', '192.0.2.10', 40_000],
    ['wss', '192.0.2.10', 40_000],
    ['tcp', '198.51.100.7', 40_000],
    ['tcp', '192.0.2.1', 40_000],
    ['tcp', '192.0.2.10', 5062],
  ] as const)(
    'ends what came over %s from %s port %i, and nothing is sent elsewhere',
    async (transport, remoteAddress, remotePort) => {
      const [opened] = await twice({ ...FLOW, transport, remoteAddress, remotePort });
      await using bench = opened;
      const before = bench.edge.notifies.length;
      bench.edge.handlers?.closed({ ...FLOW, transport, remoteAddress, remotePort });
      expect(bench.edge.released.map(({ told }) => told)).toEqual([false, false]);
      await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
      expect(bench.edge.notifies).toHaveLength(before);
    },
  );

  it.each(['tcp', 'tls'] as const)(
    'ends nothing of a phone that listens for %s where it was heard',
    async (transport) => {
      const flow = { ...FLOW, transport, remotePort: 40_000 } as const;
      const [opened] = await twice(flow);
      await using bench = opened;
      bench.edge.handlers?.closed(flow);
      await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
      expect(bench.edge.released).toHaveLength(0);
      expect(bench.edge.notifies.at(-2)?.body).toContain('<state>confirmed</state>');
      expect(bench.edge.last.body).toContain('<rpid:on-the-phone/>');
    },
  );

  it('ends nothing that came on another stream', async () => {
    const flow = { ...FLOW, transport: 'tls', remotePort: 40_000 } as const;
    const [opened] = await twice(flow);
    await using bench = opened;
    bench.edge.handlers?.closed({ ...flow, remotePort: 40_001 });
    expect(bench.edge.released).toHaveLength(0);
  });
});
