import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Fault } from '../../../src/errors.ts';
import type { Answer } from '../../../src/ports/edge.ts';
import { NIGHT } from '../../support/boards.ts';
import { headerIn } from '../../support/header-in.ts';
import { settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';
import { dialogInfo, dialogText, pidf } from '../../support/published.ts';

let bench: NotifierBench;
beforeEach(async () => {
  bench = await startNotifier();
});
afterEach(() => bench[Symbol.asyncDispose]());

interface PublishFacts {
  readonly uri?: string;
  readonly event?: string | null;
  readonly expires?: number | null;
  readonly ifMatch?: string;
  readonly body?: string;
  readonly type?: string;
}

let cseq = 0;

/** A PUBLISH arrives; what is not given is that of an initial one of a dialog-info document. Gives the answer. */
async function publish(facts: PublishFacts = {}): Promise<Answer> {
  const { uri = 'sip:night@acme.example', event = 'dialog', expires = 600, body = '' } = facts;
  const type = facts.type ?? (event === 'presence' ? 'application/pidf+xml' : 'application/dialog-info+xml');
  cseq += 1;
  const lines = [
    `PUBLISH ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bKp${cseq}`,
    'From: <sip:night@acme.example>;tag=phone',
    `To: <${uri}>`,
    'Call-ID: publish-1',
    `CSeq: ${cseq} PUBLISH`,
    'Max-Forwards: 70',
    'Contact: <sip:night@192.0.2.10:5062>',
    ...(event === null ? [] : [`Event: ${event}`]),
    ...(expires === null ? [] : [`Expires: ${expires}`]),
    ...(facts.ifMatch === undefined ? [] : [`SIP-If-Match: ${facts.ifMatch}`]),
    ...(body === '' ? [] : [`Content-Type: ${type}`]),
    `Content-Length: ${body.replaceAll('\n', '\r\n').length}`,
    '',
    body,
  ];
  const before = bench.edge.answers.length;
  bench.edge.receive(lines.join('\n'));
  await settled();
  return bench.edge.answers[before] ?? expect.fail('no answer');
}

async function tagOf(answer: Promise<Answer>): Promise<string> {
  return headerIn(await answer, 'sip-etag') ?? expect.fail('no SIP-ETag');
}

const RINGING = dialogInfo(dialogText('d1', 'early'));
const OVER = dialogInfo(dialogText('d1', 'terminated'));

describe('PUBLISH (RFC 3903 §6)', () => {
  it('is answered with 200, Expires and SIP-ETag, and with nothing of a dialog', async () => {
    const answer = await publish({ body: RINGING });
    expect(answer).toMatchObject({ status: 200 });
    expect(headerIn(answer, 'expires')).toBe('600');
    expect(headerIn(answer, 'sip-etag')).toMatch(/^[a-z0-9]+$/);
    expect(answer.headers).toHaveLength(4);
  });

  it('moves the lamp of every watcher, and the JSON of its board', async () => {
    bench.edge.subscribe();
    await settled();
    bench.edge.settle();
    await publish({ body: RINGING });
    expect(bench.edge.last.body).toContain('<state>early</state>');
    expect(bench.edge.last.body).toContain('<dialog id="d1"');
    bench.edge.settle();
    expect(await bench.store.boards.get(NIGHT)).toMatchObject({ changedBy: 'publish' });
    expect(await bench.notifier.service.view(NIGHT)).toMatchObject({
      lamp: { status: 'ringing', leg: { id: 'd1' } },
    });
  });

  it('sends no NOTIFY for a refresh: it says nothing new', async () => {
    const tag = await tagOf(publish({ body: RINGING }));
    bench.edge.subscribe();
    await settled();
    bench.edge.settle();
    const sent = bench.edge.notifies.length;
    expect(await tagOf(publish({ ifMatch: tag }))).not.toBe(tag);
    await bench.pass(2_000);
    expect(bench.edge.notifies).toHaveLength(sent);
  });

  it('goes from ringing to idle by tags, and cannot be brought back by what comes late', async () => {
    const tag = await tagOf(publish({ body: RINGING }));
    const over = await tagOf(publish({ body: OVER, ifMatch: tag }));
    expect(await publish({ body: RINGING, ifMatch: tag })).toMatchObject({ status: 412 });
    await publish({ body: RINGING });
    await publish({ expires: 0, ifMatch: over });
    expect(await bench.notifier.service.view(NIGHT)).toMatchObject({ lamp: { status: 'idle' } });
  });

  it('lets the lamp go out by itself when the phone does not refresh', async () => {
    await publish({ body: RINGING, expires: 60 });
    await bench.pass(59_000);
    expect(await bench.notifier.service.view(NIGHT)).toMatchObject({ lamp: { status: 'ringing' } });
    await bench.pass(2_000);
    expect(await bench.notifier.service.view(NIGHT)).toMatchObject({
      lamp: { status: 'idle' },
      board: { publications: [], changedBy: 'expiry' },
    });
  });

  it('takes presence documents: note and activity for watchers of presence, busy for lamps', async () => {
    bench.edge.subscribe({ event: 'presence' });
    bench.edge.subscribe({ callId: 'call-2' });
    await settled();
    for (const sent of bench.edge.notifies) bench.edge.settle(200, sent);
    await publish({ event: 'presence', body: pidf('dnd', 'Do not disturb') });
    const bodies = bench.edge.notifies.slice(-2).map(({ body }) => body);
    expect(bodies.find((body) => body.includes('<presence'))).toMatch(/<rpid:other>dnd<.*Do not disturb/);
    expect(bodies.find((body) => body.includes('<dialog-info'))).toContain('<state>confirmed</state>');
  });

  it.each([
    ['404 for nobody in particular (step 1)', { uri: 'sip:acme.example' }, 404, []],
    ['489 without Event (step 2)', { event: null }, 489, ['allow-events', 'dialog, presence']],
    ['489 for another event package (step 2)', { event: 'reg' }, 489, ['allow-events', 'dialog, presence']],
    ['412 for an entity-tag of nobody (step 3)', { ifMatch: 'xyz' }, 412, []],
    ['423 for too short a time (step 4)', { expires: 59 }, 423, ['min-expires', '60']],
    [
      '415 for another body type (step 5)',
      { type: 'text/plain' },
      415,
      ['accept', 'application/dialog-info+xml'],
    ],
    [
      '415 for the body type of another package',
      { event: 'presence', type: 'application/dialog-info+xml' },
      415,
      ['accept', 'application/pidf+xml'],
    ],
    ['400 for an initial one without a body (step 5)', { body: '' }, 400, []],
    ['400 for a body that is not XML', { body: '<dialog-info' }, 400, []],
    ['400 for a body with a DTD', { body: `<!DOCTYPE a><dialog-info/>` }, 400, []],
    ['400 for a body that is another document', { body: '<presence/>' }, 400, []],
  ])('is refused with %s', async (_, facts, status, headers) => {
    expect(await publish({ body: RINGING, ...facts })).toMatchObject({ status, headers });
    expect(await bench.store.boards.get(NIGHT)).toBeNull();
  });

  it('is granted no more than the longest time, and that by default (step 4)', async () => {
    expect(headerIn(await publish({ body: RINGING, expires: 1_000_000 }), 'expires')).toBe('3600');
    expect(headerIn(await publish({ body: RINGING, expires: null }), 'expires')).toBe('3600');
  });

  it('is answered with Expires 0 when it removes', async () => {
    const tag = await tagOf(publish({ body: RINGING }));
    const answer = await publish({ ifMatch: tag, expires: 0 });
    expect([answer.status, headerIn(answer, 'expires')]).toEqual([200, '0']);
    expect((await bench.store.boards.get(NIGHT))?.publications).toEqual([]);
  });

  it('is done in the order of arrival, each on what the one before has left', async () => {
    const tag = await tagOf(publish({ body: RINGING }));
    const both = await Promise.all([publish({ ifMatch: tag, expires: 0 }), publish({ ifMatch: tag })]);
    expect(bench.edge.answers.slice(-2).map(({ status }) => status)).toEqual([200, 412]);
    expect(both).toHaveLength(2);
  });

  it.each(['STORE_AWAY', 'STORE_CONTENDED'] as const)(
    'is 503 with Retry-After at %s, and nothing changed',
    async (code) => {
      vi.spyOn(bench.store.boards, 'change').mockRejectedValue(new Fault(code, 'Cannot'));
      const answer = await publish({ body: RINGING });
      expect(answer.status).toBe(503);
      expect(Number(headerIn(answer, 'retry-after'))).toBeGreaterThan(0);
      expect(await bench.store.boards.get(NIGHT)).toBeNull();
    },
  );

  it('can be removed by an operator: its phone hears 412 and publishes anew', async () => {
    const tag = await tagOf(publish({ body: dialogInfo(dialogText('d1', 'confirmed')) }));
    const { service } = bench.notifier;
    expect(await service.dropPublications(NIGHT, 'other')).toMatchObject({ changed: false });
    expect(await service.dropPublications(NIGHT, tag)).toMatchObject({ changed: true });
    expect(await publish({ ifMatch: tag })).toMatchObject({ status: 412 });
    await publish({ body: dialogInfo(dialogText('d1', 'confirmed')) });
    expect(await service.view(NIGHT)).toMatchObject({ lamp: { status: 'busy' } });
    expect(await service.dropPublications(NIGHT, null)).toMatchObject({ changed: true });
  });

  it('is named in Allow (RFC 3903 §7)', async () => {
    bench.edge.receive(
      'OPTIONS sip:acme.example SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bK9\nFrom: <sip:a@b>;tag=1\nTo: <sip:a@b>\nCall-ID: o\nCSeq: 1 OPTIONS\n\n',
    );
    expect(headerIn(bench.edge.answers.at(-1) ?? expect.fail('no answer'), 'allow')).toContain('PUBLISH');
  });
});
