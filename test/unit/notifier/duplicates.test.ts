import { describe, expect, it } from 'vitest';
import { NIGHT } from '../../support/boards.ts';
import { ManualClock, settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';
import type { SentNotify, SubscribeFacts } from '../../support/recording-edge.ts';

/** The phone subscribes with a Call-ID of its own and confirms the first NOTIFY. */
async function subscribed(bench: NotifierBench, callId: string, facts: SubscribeFacts = {}): Promise<void> {
  bench.edge.subscribe({ callId, ...facts });
  await settled();
  bench.edge.settle(200, newest(bench, callId));
}

/** The newest NOTIFY of a subscription. */
function newest(bench: NotifierBench, callId: string): SentNotify {
  const found = bench.edge.notifies.findLast(({ slot }) => slot.record.dialog.callId === callId);
  if (found === undefined) throw new Error(`No NOTIFY was sent for ${callId}`);
  return found;
}

async function callIds(bench: NotifierBench): Promise<readonly string[]> {
  const records = await bench.notifier.service.watchers(NIGHT);
  return records.map((record) => record.dialog.callId).sort();
}

const TCP = {
  transport: 'tcp',
  remoteAddress: '192.0.2.10',
  remotePort: 40_000,
  localAddress: '192.0.2.1',
  localPort: 5060,
} as const;

describe('a second subscription of one watcher to one ID and package', () => {
  it('has the older one sent its next NOTIFY at once, with the full state', async () => {
    await using bench = await startNotifier();
    await subscribed(bench, 'before');
    await subscribed(bench, 'after');
    expect(bench.edge.order).toEqual(['200', 'NOTIFY 1', '200', 'NOTIFY 1', 'NOTIFY 2']);
    expect(newest(bench, 'before').body).toContain('version="1" state="full"');
  });

  it('RFC 6665 §4.2.2: 481 ends the older one: the phone had been switched off', async () => {
    await using bench = await startNotifier();
    await subscribed(bench, 'before');
    await subscribed(bench, 'after');
    bench.edge.settle(481, newest(bench, 'before'));
    await settled();
    expect(await callIds(bench)).toEqual(['after']);
    expect(bench.duplicates).toEqual(['probed', 'gone']);
  });

  it.each(['timeout', 'unreachable'] as const)(
    'silence (%s) ends the older one after one try',
    async (kind) => {
      await using bench = await startNotifier();
      await subscribed(bench, 'before');
      await subscribed(bench, 'after');
      bench.edge.settle({ kind }, newest(bench, 'before'));
      await settled();
      expect(await callIds(bench)).toEqual(['after']);
      expect(bench.duplicates).toEqual(['probed', 'silent']);
    },
  );

  it.each([200, 500])('an answer (%d) keeps both: two keys for one ID', async (status) => {
    await using bench = await startNotifier();
    await subscribed(bench, 'one');
    await subscribed(bench, 'two');
    bench.edge.settle(status, newest(bench, 'one'));
    await settled();
    expect(await callIds(bench)).toEqual(['one', 'two']);
    expect(bench.duplicates).toEqual(['probed', 'kept']);
  });

  it('one that has answered has three timeouts again', async () => {
    await using bench = await startNotifier();
    await subscribed(bench, 'one');
    await subscribed(bench, 'two');
    bench.edge.settle(200, newest(bench, 'one'));
    await bench.pass(5_000);
    await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    await settled();
    bench.edge.settle({ kind: 'timeout' }, newest(bench, 'one'));
    await settled();
    expect(await callIds(bench)).toEqual(['one', 'two']);
  });

  it('a NOTIFY that was in flight before is no answer: the next one decides', async () => {
    await using bench = await startNotifier();
    await subscribed(bench, 'before');
    await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    await settled();
    await subscribed(bench, 'after');
    bench.edge.settle({ kind: 'timeout' }, newest(bench, 'before'));
    await settled();
    expect(await callIds(bench)).toEqual(['after', 'before']);
    expect(newest(bench, 'before').cseq).toBe(3);
    bench.edge.settle(481, newest(bench, 'before'));
    await settled();
    expect(await callIds(bench)).toEqual(['after']);
  });

  it('an edge that is away says nothing of the phone', async () => {
    await using bench = await startNotifier();
    await subscribed(bench, 'before');
    await subscribed(bench, 'after');
    bench.edge.settle({ kind: 'away' }, newest(bench, 'before'));
    bench.edge.handlers?.restored();
    await settled();
    bench.edge.settle({ kind: 'timeout' }, newest(bench, 'before'));
    await settled();
    expect(await callIds(bench)).toEqual(['after']);
  });

  it('is found by +sip.instance when the phone has another Contact since', async () => {
    await using bench = await startNotifier();
    const instance = '+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>"';
    const contact = (port: number) => `<sip:1001@192.0.2.10:${port};transport=tcp>;${instance}`;
    await subscribed(bench, 'before', { contact: contact(40_000), flow: TCP });
    await subscribed(bench, 'after', { contact: contact(40_001), flow: { ...TCP, remotePort: 40_001 } });
    expect(bench.duplicates).toEqual(['probed']);
  });

  it('is found after a refresh from another Contact', async () => {
    await using bench = await startNotifier();
    const contact = '<sip:1001@192.0.2.99:5062>';
    await subscribed(bench, 'before');
    const toTag = bench.edge.last.slot.record.id;
    await subscribed(bench, 'before', { toTag, contact });
    await subscribed(bench, 'elsewhere');
    expect(bench.duplicates).toEqual([]);
    await subscribed(bench, 'after', { contact });
    expect(bench.duplicates).toEqual(['probed']);
  });

  it('is found after a restart of this node', async () => {
    await using first = await startNotifier();
    await subscribed(first, 'before');
    await using bench = await first.crash();
    await subscribed(bench, 'after');
    expect(bench.duplicates).toEqual(['probed']);
  });
});

describe('what is not a second subscription of one watcher', () => {
  it.each([
    ['two phones on one account', { contact: '<sip:1001@192.0.2.11:5062>' }],
    [
      'two phones on one account behind one NAT',
      { contact: '<sip:1001@192.0.2.10:5062>;+sip.instance="<urn:uuid:2>"' },
    ],
    ['another account of the phone', { from: 'sip:1002@acme.example' }],
    ['another ID', { uri: 'sip:day@acme.example' }],
    ['another package', { event: 'presence' }],
    ['a fetch', { expires: 0 }],
  ] as const)('%s', async (_, facts) => {
    await using bench = await startNotifier();
    await subscribed(bench, 'one');
    await subscribed(bench, 'two', facts);
    expect(bench.duplicates).toEqual([]);
    expect(bench.edge.notifies).toHaveLength(2);
  });

  it('one that another node owns: it is left to the answers to its own NOTIFYs', async () => {
    await using bench = await startNotifier();
    await subscribed(bench, 'before');
    await using other = await bench.another(new ManualClock());
    await subscribed(other, 'after');
    expect(other.duplicates).toEqual([]);
    expect(await callIds(other)).toEqual(['after', 'before']);
  });
});

describe('the subscriptions of one watcher to one ID', () => {
  it('are eight at most: the oldest that lives is told rejected, so that it does not come again', async () => {
    await using bench = await startNotifier();
    for (let index = 1; index <= 9; index += 1) {
      await subscribed(bench, `key${index}`);
      for (const { slot } of bench.edge.notifies.slice(-9)) {
        bench.edge.settle(200, newest(bench, slot.record.dialog.callId));
      }
    }
    await settled();
    expect(newest(bench, 'key1')).toMatchObject({
      subscriptionState: 'terminated;reason=rejected',
      last: true,
    });
    expect(await callIds(bench)).toEqual([2, 3, 4, 5, 6, 7, 8, 9].map((index) => `key${index}`));
    expect(bench.duplicates.filter((event) => event === 'ended')).toHaveLength(1);
  });

  it('are eight at most: one that has not answered goes first, without a word', async () => {
    await using bench = await startNotifier();
    for (let index = 1; index <= 40; index += 1) await subscribed(bench, `boot${index}`);
    await settled();
    expect(await callIds(bench)).toHaveLength(8);
    expect(bench.edge.notifies.filter(({ last }) => last)).toEqual([]);
    expect(bench.duplicates.filter((event) => event === 'ended')).toHaveLength(32);
  });
});
