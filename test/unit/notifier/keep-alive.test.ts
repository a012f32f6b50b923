import { describe, expect, it } from 'vitest';
import { isBehindNat } from '../../../src/notifier/behind-nat.ts';
import { NIGHT } from '../../support/boards.ts';
import { settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';
import { FLOW } from '../../support/recording-edge.ts';

/** The phone of most tests has 192.0.2.10 in its Contact: from elsewhere it comes through a NAT. */
function natted(port: number): typeof FLOW {
  return { ...FLOW, remoteAddress: '198.51.100.7', remotePort: port };
}

async function subscribe(
  bench: NotifierBench,
  callId: string,
  flow = natted(30_000),
  contact = '<sip:1001@192.0.2.10:5062>',
): Promise<void> {
  bench.edge.subscribe({ callId, flow, contact });
  await settled();
  bench.edge.settle(200);
}

describe('keep-alive', () => {
  it('goes to a UDP flow through a NAT every 25 to 30 s, once for all its subscriptions', async () => {
    await using bench = await startNotifier();
    await subscribe(bench, 'call-1');
    await subscribe(bench, 'call-2');
    await bench.pass(30_100);
    const first = bench.edge.keptAlive.length;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(2);
    await bench.pass(300_000);
    expect(bench.edge.keptAlive.length - first).toBeGreaterThanOrEqual(9);
    expect(bench.edge.keptAlive.length - first).toBeLessThanOrEqual(12);
  });

  it('is not for phones whose Contact is where they are, nor for streams', async () => {
    await using bench = await startNotifier();
    await subscribe(bench, 'call-1', FLOW);
    await subscribe(bench, 'call-2', { ...natted(30_001), transport: 'tcp' });
    await bench.pass(120_000);
    expect(bench.edge.keptAlive).toHaveLength(0);
  });

  it('ends with the last subscription of the flow', async () => {
    await using bench = await startNotifier();
    await subscribe(bench, 'call-1');
    bench.edge.subscribe({
      callId: 'call-1',
      toTag: bench.edge.last.slot.record.id,
      expires: 0,
      flow: natted(30_000),
    });
    await settled();
    bench.edge.settle(200);
    await bench.pass(120_000);
    expect(bench.edge.keptAlive).toHaveLength(0);
  });

  it('can be switched off', async () => {
    await using bench = await startNotifier({ keepAliveSeconds: 0 });
    await subscribe(bench, 'call-1');
    await bench.pass(120_000);
    expect(bench.edge.keptAlive).toHaveLength(0);
  });

  it('is spread: a thousand phones after a start do not hear it at once, nor after a halt of the machine', async () => {
    await using bench = await startNotifier();
    for (let phone = 0; phone < 1000; phone += 1)
      await subscribe(bench, `call-${phone}`, natted(20_000 + phone), `<sip:${phone}@192.0.2.10:5062>`);
    await using again = await bench.crash();
    let most = 0;
    for (let second = 0; second < 31; second += 1) {
      const before = again.edge.keptAlive.length;
      await again.pass(1_000);
      most = Math.max(most, again.edge.keptAlive.length - before);
    }
    expect(again.edge.keptAlive.length).toBeGreaterThanOrEqual(1000);
    expect(most).toBeLessThan(100);
    again.clock.jump(60_000);
    const before = again.edge.keptAlive.length;
    await again.pass(60);
    expect(again.edge.keptAlive.length - before).toBeLessThan(50);
    await again.pass(8_000);
    expect(again.edge.keptAlive.length - before).toBeGreaterThan(900);
  }, 60_000);

  it('that is answered tells that a phone is back: what could not be told is tried at once', async () => {
    await using bench = await startNotifier();
    await subscribe(bench, 'call-1');
    await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    bench.edge.settle({ kind: 'timeout' });
    const before = bench.edge.notifies.length;
    bench.edge.handlers?.alive(natted(30_001));
    expect(bench.edge.notifies).toHaveLength(before);
    bench.edge.handlers?.alive(natted(30_000));
    expect(bench.edge.notifies).toHaveLength(before + 1);
    expect(bench.edge.last.body).toContain('<state>confirmed</state>');
  });
});

describe('a phone is behind NAT', () => {
  const record = (
    contact: string,
    facts: { readonly remoteAddress?: string; readonly routeSet?: readonly string[] } = {},
  ) => {
    const { remoteAddress = '198.51.100.7', routeSet = [] } = facts;
    const dialog = {
      callId: 'c',
      localTag: 'l',
      remoteTag: 'r',
      localUri: '<sip:n@x>',
      remoteUri: '<sip:p@x>',
    };
    const rest = { localTarget: 'sip:x', remoteTarget: contact, routeSet, remoteCseq: 1 };
    return { dialog: { ...dialog, ...rest }, flow: { ...FLOW, remoteAddress } };
  };

  it.each([
    ['its Contact is private', 'sip:a@192.168.1.20:5060', true],
    ['its Contact is another public address', 'sip:a@203.0.113.9', true],
    ['its Contact is a name', 'sip:a@phone.local', true],
    ['its Contact is where it is heard from, on any port', 'sip:a@198.51.100.7:5070', false],
  ])('if %s: %s %s', (_, contact, expected) => {
    expect(isBehindNat(record(contact))).toBe(expected);
  });

  it('but not when a proxy stands between, which sees to the way itself', () => {
    expect(isBehindNat(record('sip:a@192.168.1.20', { routeSet: ['<sip:198.51.100.7;lr>'] }))).toBe(false);
  });

  it('but not with an IPv6 Contact where it is', () => {
    expect(isBehindNat(record('sip:a@[2001:db8::7]:5060', { remoteAddress: '2001:db8::7' }))).toBe(false);
  });
});
