import { describe, expect, it } from 'vitest';
import { NIGHT } from '../../support/boards.ts';
import { settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';

const OWN = { uri: 'sip:1001@acme.example', event: 'dialog.winfo', callId: 'winfo' };

async function informed(): Promise<NotifierBench> {
  const bench = await startNotifier();
  bench.edge.subscribe(OWN);
  await settled();
  bench.edge.settle(200);
  return bench;
}

describe('watcher information', () => {
  it('RFC 3857 §4.7: says who watches an ID with the package, and is full', async () => {
    await using bench = await startNotifier({ watcherInfo: 'all' });
    bench.edge.subscribe();
    bench.edge.subscribe({ callId: 'call-2', event: 'presence' });
    await settled();
    bench.edge.subscribe({ ...OWN, uri: 'sip:night@acme.example' });
    await settled();
    const { body, contentType } = bench.edge.last;
    expect(contentType).toBe('application/watcherinfo+xml');
    expect(body).toContain('version="0" state="full"');
    expect(body).toContain('<watcher-list resource="sip:night@acme.example" package="dialog">');
    expect(body.match(/<watcher /g)).toHaveLength(1);
    expect(body).toContain('expiration="600" duration-subscribed="0">sip:1001@acme.example</watcher>');
    for (const { id } of await bench.notifier.service.watchers(NIGHT)) expect(body).not.toContain(id);
  });

  it('RFC 3857 §4.10: tells of watchers that come and go, once in five seconds, and of nothing else', async () => {
    await using bench = await informed();
    expect(bench.edge.last.body).not.toContain('<watcher ');
    await bench.pass(20_000);
    expect(bench.edge.notifies).toHaveLength(1);
    bench.edge.subscribe({ uri: OWN.uri, callId: 'call-2', expires: 60 });
    await settled();
    bench.edge.settle(200);
    await bench.notifier.service.setManual({ ...NIGHT, user: '1001' }, { status: 'busy' });
    bench.edge.settle(200);
    await bench.pass(5_100);
    const { slot } = bench.edge.last;
    expect(slot.record.package).toBe('dialog.winfo');
    expect(bench.edge.last.body).toContain('version="1" state="full"');
    expect(bench.edge.last.body).toContain('<watcher ');
    bench.edge.settle(200);
    const before = bench.edge.notifies.length;
    await bench.pass(61_000);
    const told = bench.edge.notifies.slice(before).filter((notify) => notify.slot === slot);
    expect(told).toHaveLength(1);
    expect(told[0]?.body).not.toContain('<watcher ');
  });

  it('is not measured as if a board had changed: it tells of watchers', async () => {
    await using bench = await informed();
    await bench.notifier.service.setManual({ ...NIGHT, user: '1001' }, { status: 'busy' });
    await bench.pass(60_000);
    bench.edge.subscribe({ uri: OWN.uri, callId: 'call-2' });
    await settled();
    await bench.pass(5_100);
    expect(bench.edge.last.slot.record.package).toBe('dialog.winfo');
    expect(bench.latencies.at(-1)).toBe(-1);
  });

  it('RFC 3857 §4.6: is for the watched one alone, unless the operator says else', async () => {
    await using bench = await startNotifier();
    bench.edge.subscribe({ ...OWN, uri: 'sip:night@acme.example' });
    await settled();
    expect(bench.edge.answers.map(({ status }) => status)).toEqual([403]);
    await using closed = await startNotifier({ watcherInfo: 'off' });
    closed.edge.subscribe(OWN);
    await settled();
    expect(closed.edge.answers.map(({ status }) => status)).toEqual([403]);
  });

  it('RFC 3857 §4.6: there is none about watcher information', async () => {
    await using bench = await startNotifier();
    bench.edge.subscribe({ ...OWN, event: 'dialog.winfo.winfo' });
    await settled();
    expect(bench.edge.answers[0]?.status).toBe(489);
  });

  it('RFC 3857 §4.7.2: a fetch gets it once', async () => {
    await using bench = await startNotifier();
    bench.edge.subscribe({ ...OWN, expires: 0 });
    await settled();
    expect(bench.edge.last).toMatchObject({ last: true, contentType: 'application/watcherinfo+xml' });
  });

  it('goes on after a crash, in the same dialog and with a higher version', async () => {
    await using bench = await informed();
    const again = await bench.crash();
    expect(again.edge.last).toMatchObject({ contentType: 'application/watcherinfo+xml' });
    expect(again.edge.last.body).toContain('version="10051" state="full"');
  });
});
