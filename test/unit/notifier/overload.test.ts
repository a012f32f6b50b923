import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LoadLevel } from '../../../src/presence/overload.ts';
import { NIGHT } from '../../support/boards.ts';
import { headerIn } from '../../support/header-in.ts';
import { settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';
import { dialogInfo, dialogText } from '../../support/published.ts';

let bench: NotifierBench;
let drawn: number;
beforeEach(async () => {
  drawn = 0.5;
  bench = await startNotifier({ overload: { lagMs: 100, requests: 100 } }, null, () => drawn);
});
afterEach(() => bench[Symbol.asyncDispose]());

/** A stack behind the edge that has so much to send yet: busy from 100, full from 400. */
function load(level: LoadLevel): void {
  bench.edge.waiting = { calm: 0, busy: 100, full: 400 }[level];
}

/** The status of the answer to a SUBSCRIBE. */
async function subscribe(facts: Parameters<NotifierBench['edge']['subscribe']>[0]): Promise<number> {
  const before = bench.edge.answers.length;
  bench.edge.subscribe(facts);
  await settled();
  return bench.edge.answers[before]?.status ?? 0;
}

async function subscribed(): Promise<string> {
  expect(await subscribe({})).toBe(200);
  bench.edge.settle(200);
  return bench.edge.answers.at(-1)?.toTag ?? expect.fail('no tag');
}

async function publish(headers: readonly string[], body: string): Promise<number> {
  const before = bench.edge.answers.length;
  const type = body === '' ? [] : ['Content-Type: application/dialog-info+xml'];
  bench.edge.receive(
    [
      'PUBLISH sip:night@acme.example SIP/2.0',
      `Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bKp${before}`,
      'From: <sip:night@acme.example>;tag=phone',
      'To: <sip:night@acme.example>',
      'Call-ID: publish-1',
      `CSeq: ${before + 1} PUBLISH`,
      'Max-Forwards: 70',
      'Event: dialog',
      ...headers,
      ...type,
      `Content-Length: ${body.replaceAll('\n', '\r\n').length}`,
      '',
      body,
    ].join('\n'),
  );
  await settled();
  return bench.edge.answers[before]?.status ?? 0;
}

describe('a change that more phones wait for than can be told soon', () => {
  const FAR_TOO_MANY = 500;

  /** So many phones watch `night`; the limit of 20 requests is one of 200 phones that wait. */
  async function watched(): Promise<void> {
    await bench[Symbol.asyncDispose]();
    bench = await startNotifier({ overload: { lagMs: 100, requests: 20 } }, null, () => drawn);
    for (let phone = 0; phone < FAR_TOO_MANY; phone += 1) {
      const from = `sip:${1000 + phone}@acme.example`;
      expect(await subscribe({ callId: `call-${phone}`, from, contact: `<${from}>` })).toBe(200);
      bench.edge.settle(200);
    }
    await bench.pass(1_500);
  }

  it('puts new SUBSCRIBEs off, and no refresh, until it is told: lamps come first', async () => {
    await watched();
    const tag = bench.edge.answers[0]?.toTag ?? '';
    let under: Promise<number>[] = [];
    const { notify } = bench.edge;
    let told = 0;
    // In the midst of the fan-out.
    bench.edge.notify = (slot, message) => {
      notify.call(bench.edge, slot, message);
      told += 1;
      if (told === 130) under = [subscribe({ callId: 'new' })];
    };
    await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    await settled();
    expect(await Promise.all(under)).toEqual([503]);
    expect(await subscribe({ toTag: tag, callId: 'call-0', cseq: 2 })).toBe(200);
    expect(bench.levels).toEqual(['busy']);
    await bench.pass(1_500);
    expect(await subscribe({ callId: 'new', cseq: 2 })).toBe(200);
    expect(bench.levels).toEqual(['busy', 'calm']);
  });

  it('is not what phones make that were told and do not answer', async () => {
    await watched();
    await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    for (let turn = 0; turn < 20; turn += 1) await settled();
    expect(await subscribe({ callId: 'new' })).toBe(200);
    expect(bench.levels).toEqual([]);
  });
});

describe('busy', () => {
  it('a new SUBSCRIBE gets 503 with Retry-After, of which nothing is kept (RFC 3261 §21.5.4, §8.2.7)', async () => {
    load('busy');
    expect(await subscribe({})).toBe(503);
    const answer = bench.edge.answers.at(-1) ?? expect.fail('no answer');
    expect(headerIn(answer, 'retry-after')).toBe('17');
    expect(answer.unproven).toBe(true);
    expect(bench.putOff).toEqual(['subscribe']);
    expect(bench.answered).toEqual(['SUBSCRIBE 503']);
    expect(await bench.notifier.service.watchers(NIGHT)).toEqual([]);
  });

  it('a copy of a datagram that was put off is, too, when it is over: its client has ended', async () => {
    load('busy');
    expect(await subscribe({ cseq: 1 })).toBe(503);
    load('calm');
    await bench.pass(1_500);
    expect(await subscribe({ cseq: 1 })).toBe(503);
    expect(await subscribe({ cseq: 2 })).toBe(200);
    expect(bench.putOff).toEqual(['subscribe']);
    await bench.pass(64_000);
    expect(await subscribe({ cseq: 1, callId: 'call-2' })).toBe(200);
  });

  it('Retry-After is another one for each', async () => {
    load('busy');
    const times = new Set<string | null>();
    for (drawn = 0; drawn < 0.95; drawn += 0.1) {
      await subscribe({ callId: `call-${drawn}` });
      times.add(headerIn(bench.edge.answers.at(-1) ?? expect.fail('no answer'), 'retry-after'));
    }
    expect(times.size).toBe(10);
  });

  it('a refresh is served, a PUBLISH too, and lamps are told', async () => {
    const toTag = await subscribed();
    load('busy');
    expect(await subscribe({ toTag })).toBe(200);
    bench.edge.settle(200);
    expect(await publish(['Expires: 600'], dialogInfo(dialogText('d1', 'early')))).toBe(200);
    await settled();
    expect(bench.edge.last.body).toContain('early');
    expect(bench.putOff).toEqual([]);
  });

  it('who comes again when it is over is served', async () => {
    load('busy');
    expect(await subscribe({})).toBe(503);
    load('calm');
    await bench.pass(1_500);
    expect(await subscribe({})).toBe(200);
    expect(bench.levels).toEqual(['busy', 'calm']);
  });
});

describe('full', () => {
  it('a refresh with time left is put off; the subscription goes on (RFC 6665 §4.1.2.2)', async () => {
    const toTag = await subscribed();
    load('full');
    expect(await subscribe({ toTag })).toBe(503);
    expect(bench.putOff).toEqual(['refresh']);
    await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    await settled();
    expect(bench.edge.last.subscriptionState).toBe('active;expires=600');
    expect(bench.edge.last.body).toContain('confirmed');
    bench.edge.settle(200);
    load('calm');
    expect(await subscribe({ toTag })).toBe(503);
    await bench.pass(3_000);
    expect(await subscribe({ toTag })).toBe(200);
  });

  it('a refresh that is near its expiry is served, and one of a subscription that this node does not know is looked for', async () => {
    const toTag = await subscribed();
    await bench.pass(450_000);
    load('full');
    expect(await subscribe({ toTag })).toBe(200);
    expect(await subscribe({ toTag: 'b7-nobody' })).toBe(481);
  });

  it('the end of a subscription is served: it makes the load less', async () => {
    const toTag = await subscribed();
    load('full');
    expect(await subscribe({ toTag, expires: 0 })).toBe(200);
  });

  it('a new publication is put off, not the change of one: that is a lamp', async () => {
    expect(await publish(['Expires: 600'], dialogInfo(dialogText('d1', 'early')))).toBe(200);
    const etag = headerIn(bench.edge.answers.at(-1) ?? expect.fail('no answer'), 'sip-etag') ?? '';
    load('full');
    expect(await publish(['Expires: 600'], dialogInfo(dialogText('d2', 'early')))).toBe(503);
    const change = dialogInfo(dialogText('d1', 'confirmed'));
    expect(await publish(['Expires: 600', `SIP-If-Match: ${etag}`], change)).toBe(200);
    expect(bench.putOff).toEqual(['publish']);
  });
});

describe('what makes load', () => {
  it('SUBSCRIBEs that wait for the store', async () => {
    const create = bench.store.subscriptions.create.bind(bench.store.subscriptions);
    const back = Promise.withResolvers<void>();
    vi.spyOn(bench.store.subscriptions, 'create').mockImplementation((record) =>
      back.promise.then(() => create(record)),
    );
    for (let index = 0; index < 100; index += 1) bench.edge.subscribe({ callId: `call-${index}` });
    await settled();
    expect(await subscribe({ callId: 'one-more' })).toBe(503);
    back.resolve();
    await bench.pass(1_500);
    expect(bench.edge.answers.filter(({ status }) => status === 200)).toHaveLength(100);
    expect(await subscribe({ callId: 'one-more-again' })).toBe(200);
  });

  it('an event loop that is late again and again', async () => {
    for (let index = 0; index < 20 && bench.levels.length === 0; index += 1) {
      bench.clock.jump(300);
      await bench.pass(50);
    }
    expect(bench.levels).toEqual(['busy']);
    await bench.pass(5_000);
    expect(bench.levels).toEqual(['busy', 'calm']);
  });

  it('not a single halt, however long', async () => {
    bench.clock.jump(60_000);
    await bench.pass(500);
    expect(bench.levels).toEqual([]);
  });
});
