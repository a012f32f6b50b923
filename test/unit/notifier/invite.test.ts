import { describe, expect, it } from 'vitest';
import { settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';

const REALM = 'acme.example';
const NIGHT = { realm: REALM, user: 'night' };

const manual = (data: object, children: object = {}) => ({ module: 'manual_presence', data, children });
const TOGGLE = manual({ presence_id: 'night', status: 'toggle' });

async function withFlow(flow: object, options: Parameters<typeof startNotifier>[0] = {}, more: object = {}) {
  const bench = await startNotifier(options);
  const outcome = await bench.notifier.callflows.create(REALM, {
    name: 'x',
    numbers: ['*30'],
    flow,
    ...more,
  });
  expect(outcome.kind).toBe('saved');
  return bench;
}

function invite(bench: NotifierBench, number = '*30', callId = 'invite-1', body = ''): void {
  bench.edge.receive(
    [
      `INVITE sip:${number}@${REALM} SIP/2.0`,
      `Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK${callId}`,
      'From: <sip:1001@acme.example>;tag=a',
      `To: <sip:${number}@${REALM}>`,
      `Call-ID: ${callId}`,
      'CSeq: 1 INVITE',
      'Contact: <sip:1001@192.0.2.10:5062>',
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      '',
      body,
    ].join('\n'),
  );
}

async function statusOf(bench: NotifierBench, resource = NIGHT) {
  return (await bench.notifier.service.view(resource)).lamp.status;
}

describe('a call', () => {
  it('runs the callflow that its number reaches and gets the operator’s answer at the end', async () => {
    await using bench = await withFlow(TOGGLE);
    invite(bench);
    await settled();
    expect(bench.edge.answers.map(({ status }) => status)).toEqual([480]);
    expect((await bench.notifier.service.view(NIGHT)).board?.changedBy).toBe('callflow x');
    invite(bench, '*30', 'invite-2');
    await settled();
    expect(await statusOf(bench)).toBe('idle');
  });

  it('moves the lamps of the phones that watch', async () => {
    await using bench = await withFlow(TOGGLE);
    bench.edge.subscribe();
    await settled();
    bench.edge.settle(200);
    invite(bench);
    await settled();
    expect(bench.edge.last.body).toContain('<state>confirmed</state>');
  });

  it('is 404 when its number reaches nothing', async () => {
    await using bench = await withFlow(TOGGLE);
    invite(bench, '*31');
    await settled();
    expect(bench.edge.answers.map(({ status }) => status)).toEqual([404]);
    expect(await statusOf(bench)).toBe('idle');
  });

  it('lets a pattern capture the ID that a Manual Presence block without one sets (Kazoo)', async () => {
    await using bench = await withFlow(manual({ status: 'busy' }), {}, { patterns: ['^\\*55(\\d+)$'] });
    invite(bench, '*551234');
    await settled();
    expect(await statusOf(bench, { realm: REALM, user: '1234' })).toBe('busy');
  });

  it('is answered by a response block as that says, once', async () => {
    const flow = manual(
      { presence_id: 'night', status: 'busy' },
      { _: { module: 'response', data: { code: 486, message: 'Closed' }, children: {} } },
    );
    await using bench = await withFlow(flow);
    invite(bench);
    await settled();
    expect(bench.edge.answers).toMatchObject([{ status: 486, reason: 'Closed' }]);
  });

  it('is redirected with 302 and a Contact', async () => {
    await using bench = await withFlow({
      module: 'redirect',
      data: { uri: 'sip:1002@acme.example' },
      children: {},
    });
    invite(bench);
    await settled();
    expect(bench.edge.answers[0]).toMatchObject({
      status: 302,
      headers: ['contact', '<sip:1002@acme.example>'],
    });
  });

  it('with answerAndRelease gets 200 with inactive audio (RFC 3264 §6.1), then BYE', async () => {
    const calls = { finalStatus: 480, answerAndRelease: true };
    await using bench = await withFlow(TOGGLE, { calls });
    invite(
      bench,
      '*30',
      'c',
      'v=0\no=- 1 1 IN IP4 192.0.2.10\ns=-\nt=0 0\nm=audio 4000 RTP/AVP 8 0\nm=video 4002 RTP/AVP 97\n',
    );
    await settled();
    expect(bench.edge.answers[0]?.status).toBe(200);
    expect(bench.edge.answers[0]?.body).toContain(
      'm=audio 9 RTP/AVP 8 0\r\na=inactive\r\nm=video 0 RTP/AVP 97\r\n',
    );
    expect(bench.edge.hungUp).toHaveLength(1);
  });

  it('ends its run where it is when the caller gives up (CANCEL)', async () => {
    const flow = { module: 'sleep', data: { duration: 5 }, children: { _: TOGGLE } };
    await using bench = await withFlow(flow);
    invite(bench);
    await settled();
    bench.edge.cancel();
    await bench.pass(10_000);
    expect(bench.edge.answers).toEqual([]);
    expect(await statusOf(bench)).toBe('idle');
  });

  it('runs nothing when the caller gives up while callflows are looked up (RFC 3261 §9.2)', async () => {
    await using bench = await withFlow(TOGGLE);
    invite(bench);
    bench.edge.cancel();
    await settled();
    expect(bench.edge.answers).toEqual([]);
    expect(await statusOf(bench)).toBe('idle');
  });

  it('passes a block that this engine cannot run along its default exit', async () => {
    await using bench = await withFlow({ module: 'voicemail', data: { id: 'x' }, children: { _: TOGGLE } });
    invite(bench);
    await settled();
    expect(await statusOf(bench)).toBe('busy');
  });

  it('does not wait for a webhook', async () => {
    const flow = { module: 'webhook', data: { uri: 'https://example.com/hook' }, children: { _: TOGGLE } };
    await using bench = await withFlow(flow);
    invite(bench);
    await settled();
    expect(bench.posted).toHaveLength(1);
    expect(await statusOf(bench)).toBe('busy');
  });

  it('sets no ID of a realm that its callflow was not granted', async () => {
    await using bench = await startNotifier();
    const flow = manual({ presence_id: 'night@other.example', status: 'busy' });
    const outcome = await bench.notifier.callflows.create(REALM, { name: 'x', numbers: ['*30'], flow });
    const problems = outcome.kind === 'gone' || outcome.kind === 'stale' ? [] : outcome.problems;
    expect(problems.some(({ path }) => path !== null)).toBe(true);
    invite(bench);
    await settled();
    expect(await statusOf(bench, { realm: 'other.example', user: 'night' })).toBe('idle');
  });

  it('1,000 at once leave no lamp behind', async () => {
    await using bench = await withFlow(manual({ status: 'busy' }), {}, { patterns: ['^\\*55(\\d+)$'] });
    for (let index = 0; index < 1000; index += 1) invite(bench, `*55${1000 + index}`, `many-${index}`);
    for (let turn = 0; turn < 100 && bench.edge.answers.length < 1000; turn += 1) await settled();
    expect(bench.edge.answers).toHaveLength(1000);
    const users = Array.from({ length: 1000 }, (_, index) => ({ realm: REALM, user: String(1000 + index) }));
    const boards = await bench.store.boards.getMany(users);
    expect(boards.filter((board) => board?.manual?.status === 'busy')).toHaveLength(1000);
  });
});
