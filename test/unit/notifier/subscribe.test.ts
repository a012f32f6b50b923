import { describe, expect, it, vi } from 'vitest';
import { NIGHT } from '../../support/boards.ts';
import { settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';

/** The tag that our 200 put on To. */
function tagOf(bench: NotifierBench): string {
  return bench.edge.answers.find((answer) => answer.toTag !== undefined)?.toTag ?? '';
}

describe('a new subscription', () => {
  it('RFC 6665 §4.2.1: gets 200 with Expires, then a NOTIFY with the current state', async () => {
    await using bench = await startNotifier();
    bench.edge.subscribe({ expires: 600 });
    await settled();
    expect(bench.edge.order).toEqual(['200', 'NOTIFY 1']);
    expect(bench.edge.answers[0]?.headers.join(' ')).toContain('expires 600');
    expect(bench.edge.last.subscriptionState).toBe('active;expires=600');
    expect(bench.edge.last.body).toContain('version="0" state="full" entity="sip:night@acme.example"');
    expect(bench.edge.last.body).toContain('<state>terminated</state>');
  });

  it('RFC 6665 §4.2.1.1: may get less than it asked for, so that a storm does not come back; so may a refresh', async () => {
    await using bench = await startNotifier({ expiresJitter: 0.2 }, null, () => 0.5);
    bench.edge.subscribe({ expires: 1000 });
    await settled();
    expect(bench.edge.answers[0]?.headers.join(' ')).toContain('expires 900');
    expect(bench.edge.last.subscriptionState).toBe('active;expires=900');
    bench.edge.settle(200);
    bench.edge.subscribe({ toTag: tagOf(bench), expires: 2000 });
    await settled();
    expect(bench.edge.answers[1]?.headers.join(' ')).toContain('expires 1800');
    expect(bench.edge.last.subscriptionState).toBe('active;expires=1800');
  });

  it('hears of changes though the last other watcher of the ID goes while it comes', async () => {
    await using bench = await startNotifier();
    bench.edge.subscribe();
    await settled();
    bench.edge.settle(200);
    const { bus } = bench.store;
    const listen = bus.listen.bind(bus);
    const heard = Promise.withResolvers<void>();
    vi.spyOn(bus, 'listen').mockImplementation((bucket) => heard.promise.then(() => listen(bucket)));
    bench.edge.subscribe({ callId: 'call-2', contact: '<sip:1002@192.0.2.10:5062>' });
    bench.edge.subscribe({ toTag: tagOf(bench), expires: 0 });
    await settled();
    expect(bench.edge.last.last).toBe(true);
    bench.edge.settle(200);
    heard.resolve();
    await settled();
    bench.edge.settle(200);
    await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    expect(bench.edge.last.slot.record.dialog.callId).toBe('call-2');
    expect(bench.edge.last.body).toContain('<state>confirmed</state>');
  });

  it('RFC 6665 §4.4.4: is told every event package that is served', async () => {
    await using bench = await startNotifier();
    bench.edge.subscribe();
    await settled();
    expect(bench.edge.answers[0]?.headers.join(' ')).toContain('allow-events dialog, presence');
  });

  it('shows what was set before it came', async () => {
    await using bench = await startNotifier();
    await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    bench.edge.subscribe();
    await settled();
    expect(bench.edge.last.body).toContain('<state>confirmed</state>');
  });

  it('takes the resource from To when the Request-URI has no user, and folds case and escapes', async () => {
    await using bench = await startNotifier();
    bench.edge.subscribe({ uri: 'sip:acme.example', to: 'sip:NIGHT@ACME.example' });
    await settled();
    const result = await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    expect(result.watchers).toBe(1);
    bench.edge.subscribe({ uri: 'sip:%2330@acme.example', callId: 'call-2' });
    await settled();
    const other = await bench.notifier.service.view({ realm: 'acme.example', user: '#30' });
    expect(other.resource.user).toBe('#30');
    expect(await bench.notifier.service.watchers({ realm: 'acme.example', user: '#30' })).toHaveLength(1);
  });

  it('RFC 3261 §12.1.1: keeps Record-Route as the route set; the edge, and nobody else, echoes it', async () => {
    await using bench = await startNotifier();
    bench.edge.subscribe({ headers: ['Record-Route: <sip:p1;lr>, <sip:p2;lr>'] });
    await settled();
    expect(bench.edge.answers[0]?.headers).not.toContain('record-route');
    expect(bench.edge.last.slot.record.dialog.routeSet).toEqual(['<sip:p1;lr>', '<sip:p2;lr>']);
  });

  it('RFC 6665 §4.4.3: with Expires 0 fetches the state once and leaves nothing behind', async () => {
    await using bench = await startNotifier();
    await bench.notifier.service.setManual(NIGHT, { status: 'ringing' });
    bench.edge.subscribe({ expires: 0 });
    await settled();
    expect(bench.edge.answers[0]?.headers.join(' ')).toContain('expires 0');
    expect(bench.edge.last).toMatchObject({ subscriptionState: 'terminated;reason=timeout', last: true });
    expect(bench.edge.last.body).toContain('<state>early</state>');
    bench.edge.settle(200);
    expect(bench.edge.released).toHaveLength(1);
    expect(await bench.notifier.service.watchers(NIGHT)).toHaveLength(0);
    await bench.notifier.service.setManual(NIGHT, { status: 'idle' });
    expect(bench.edge.notifies).toHaveLength(1);
  });
});

describe('a SUBSCRIBE that cannot be served', () => {
  it.each([
    ['RFC 6665 §8.2.1: no Event', { event: null }, 489, 'allow-events dialog, presence'],
    ['RFC 6665 §8.2.1: two Events', { headers: ['Event: presence'] }, 489, 'allow-events dialog, presence'],
    ['RFC 6665 §4.2.1.1: an unknown package', { event: 'conference' }, 489, 'allow-events dialog, presence'],
    [
      'RFC 6665 §4.1.2.1: no body type it accepts',
      { headers: ['Accept: text/plain'] },
      406,
      'accept application/dialog-info+xml',
    ],
    ['RFC 6665 §4.2.1.1: too brief', { expires: 59 }, 423, 'min-expires 60'],
    ['RFC 3261 §8.2.2.3: an extension we lack', { headers: ['Require: magic'] }, 420, 'unsupported magic'],
    ['RFC 3261 §12.2.2: a dialog we do not know', { toTag: 'b1-unknown' }, 481, ''],
    ['no user to watch', { uri: 'sip:acme.example' }, 404, ''],
  ] as const)('%s', async (_, facts, status, header) => {
    await using bench = await startNotifier();
    bench.edge.subscribe(facts);
    await settled();
    expect(bench.edge.answers).toHaveLength(1);
    expect(bench.edge.answers[0]?.status).toBe(status);
    expect(bench.edge.answers[0]?.headers.join(' ')).toContain(header);
    expect(bench.edge.notifies).toHaveLength(0);
  });

  it('is 404 in a realm that is not on the list', async () => {
    await using bench = await startNotifier({ realms: { realms: { 'acme.example': [] }, external: '' } });
    bench.edge.subscribe({ uri: 'sip:night@other.example' });
    bench.edge.subscribe({ uri: 'sip:night@acme.example', callId: 'call-2' });
    await settled();
    expect(bench.edge.answers.map((answer) => answer.status)).toEqual([404, 200]);
  });

  it('RFC 3261 §8.2.1, §21.5.2: another method is 405 with Allow, an unknown one 501, OPTIONS is answered', async () => {
    await using bench = await startNotifier();
    const head =
      'Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bKx\nFrom: <sip:a@b>;tag=x\nTo: <sip:c@d>\nCall-ID: y';
    bench.edge.receive(`MESSAGE sip:c@d SIP/2.0\n${head}\nCSeq: 1 MESSAGE\n\n`);
    bench.edge.receive(`DANCE sip:c@d SIP/2.0\n${head}\nCSeq: 1 DANCE\n\n`);
    bench.edge.receive(`OPTIONS sip:c@d SIP/2.0\n${head}\nCSeq: 1 OPTIONS\n\n`);
    expect(bench.edge.answers.map((answer) => answer.status)).toEqual([405, 501, 200]);
    for (const answer of bench.edge.answers) expect(answer.headers).toContain('allow');
  });
});

describe('a refresh', () => {
  async function subscribed(): Promise<NotifierBench> {
    const bench = await startNotifier();
    bench.edge.subscribe({ cseq: 1 });
    await settled();
    bench.edge.settle(200);
    return bench;
  }

  it('RFC 6665 §4.2.1.4: extends the subscription and is followed by a NOTIFY with full state', async () => {
    await using bench = await subscribed();
    await bench.pass(300_000);
    bench.edge.subscribe({ toTag: tagOf(bench), cseq: 2, expires: 600 });
    await settled();
    expect(bench.edge.order).toEqual(['200', 'NOTIFY 1', '200', 'NOTIFY 2']);
    expect(bench.edge.last.subscriptionState).toBe('active;expires=600');
    expect(bench.edge.last.body).toContain('version="1" state="full"');
    bench.edge.settle(200);
    await bench.pass(599_000);
    expect(bench.edge.notifies).toHaveLength(2);
  });

  it('RFC 3261 §12.2.1.2: takes the new Contact and the new flow', async () => {
    await using bench = await subscribed();
    const flow = { ...bench.edge.last.slot.record.flow, remotePort: 9999 };
    bench.edge.subscribe({ toTag: tagOf(bench), cseq: 2, flow });
    await settled();
    expect(bench.edge.last.slot.record.flow.remotePort).toBe(9999);
  });

  it('RFC 3261 §12.2.2: with an old CSeq is 500 and changes nothing', async () => {
    await using bench = await subscribed();
    bench.edge.subscribe({ toTag: tagOf(bench), cseq: 1, expires: 0 });
    await settled();
    expect(bench.edge.answers.at(-1)?.status).toBe(500);
    expect(await bench.notifier.service.watchers(NIGHT)).toHaveLength(1);
  });

  it.each([
    ['another Call-ID', { callId: 'else' }, 481],
    [
      'RFC 6665 §4.5.2: another event id, for we keep dialogs to one subscription',
      { event: 'dialog;id=2' },
      403,
    ],
    ['RFC 6665 §4.2.1.4: too brief', { expires: 10 }, 423],
  ] as const)('with %s is refused', async (_, facts, status) => {
    await using bench = await subscribed();
    bench.edge.subscribe({ toTag: tagOf(bench), cseq: 2, ...facts });
    await settled();
    expect(bench.edge.answers.at(-1)?.status).toBe(status);
    expect(await bench.notifier.service.watchers(NIGHT)).toHaveLength(1);
  });

  it('RFC 6665 §4.2.1.4: with Expires 0 ends it: 200, then terminated', async () => {
    await using bench = await subscribed();
    bench.edge.subscribe({ toTag: tagOf(bench), cseq: 2, expires: 0 });
    await settled();
    expect(bench.edge.order.slice(2)).toEqual(['200', 'NOTIFY 2']);
    expect(bench.edge.last.subscriptionState).toBe('terminated;reason=timeout');
    bench.edge.settle(200);
    await settled();
    expect(bench.edge.released).toMatchObject([{ told: true }]);
    expect(await bench.notifier.service.watchers(NIGHT)).toHaveLength(0);
  });
});

describe('the end of a subscription', () => {
  it('RFC 6665 §4.2.1.4: one that is not refreshed is told terminated;reason=timeout and is gone', async () => {
    await using bench = await startNotifier();
    bench.edge.subscribe({ expires: 60 });
    await settled();
    bench.edge.settle(200);
    await bench.pass(59_900);
    expect(bench.edge.notifies).toHaveLength(1);
    await bench.pass(200);
    expect(bench.edge.last.subscriptionState).toBe('terminated;reason=timeout');
    bench.edge.settle(200);
    await settled();
    bench.edge.subscribe({ toTag: tagOf(bench), cseq: 9 });
    await settled();
    expect(bench.edge.answers.at(-1)?.status).toBe(481);
  });
});
