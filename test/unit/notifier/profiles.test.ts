import { describe, expect, it } from 'vitest';
import type { Board } from '../../../src/presence/board.ts';
import { NIGHT } from '../../support/boards.ts';
import { settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';

const ringing = (bench: NotifierBench) =>
  bench.notifier.service.putLeg(NIGHT, {
    id: 'leg1',
    state: 'early',
    direction: 'recipient',
    callId: 'secret-call',
    remote: { identity: 'sip:boss@acme.example' },
    expiresIn: 60,
  });

const lastTag = (bench: NotifierBench) => bench.edge.answers.findLast((answer) => answer.toTag)?.toTag ?? '';

describe('a subscription of a phone with a profile', () => {
  it('gets the body type that the phone understands: XPIDF for a SoundPoint that claims PIDF', async () => {
    await using bench = await startNotifier();
    const headers = ['Accept: application/pidf+xml', 'User-Agent: PolycomSoundPointIP-SPIP_550-UA/3.3.5'];
    bench.edge.subscribe({ event: 'presence', headers });
    await settled();
    expect(bench.edge.last.contentType).toBe('application/xpidf+xml');
    expect(bench.edge.last.body).toContain('<status status="open"/>');
  });

  it('RFC 6665 §4.1.2.1: may agree on XPIDF itself', async () => {
    await using bench = await startNotifier();
    bench.edge.subscribe({ event: 'presence', headers: ['Accept: application/xpidf+xml'] });
    await settled();
    expect(bench.edge.last.contentType).toBe('application/xpidf+xml');
  });

  it('gets no NOTIFY after unsubscribing when it would subscribe anew for that, and is gone', async () => {
    await using bench = await startNotifier();
    bench.edge.subscribe({ headers: ['User-Agent: Z 5.5.9 v2.10.17.3'] });
    await settled();
    bench.edge.settle(200);
    bench.edge.subscribe({ toTag: lastTag(bench), expires: 0 });
    await settled();
    expect(bench.edge.order).toEqual(['200', 'NOTIFY 1', '200']);
    expect(bench.edge.released).toMatchObject([{ told: false }]);
    expect(await bench.notifier.service.watchers(NIGHT)).toHaveLength(0);
  });

  it('follows what the configuration says of its User-Agent', async () => {
    const changes = { hold: { state: 'early', param: 'sip.rendering', attribute: 'pval' } } as const;
    await using bench = await startNotifier({ profiles: [{ userAgent: 'jazz', changes }] });
    await bench.notifier.service.putLeg(NIGHT, { id: 'a', state: 'confirmed', held: true, expiresIn: 60 });
    bench.edge.subscribe({ headers: ['User-Agent: Jazz phone'] });
    await settled();
    expect(bench.edge.last.body).toContain('<dialog id="a-held" direction="recipient"><state>early</state>');
  });

  it('is told no faster than its phone takes NOTIFYs, over all its subscriptions', async () => {
    await using bench = await startNotifier();
    const users = ['a', 'b', 'c', 'd'];
    for (const user of users) {
      const headers = ['User-Agent: Auerswald COMfortel D-600'];
      bench.edge.subscribe({ uri: `sip:${user}@acme.example`, callId: user, headers });
      await settled();
      bench.edge.settle(200);
    }
    const change = (user: string): Promise<{ board: Board | null }> =>
      bench.notifier.service.setManual({ realm: 'acme.example', user }, { status: 'busy' });
    await Promise.all(users.map(change));
    await settled();
    expect(bench.edge.notifies).toHaveLength(4 + 1);
    await bench.pass(150);
    expect(bench.edge.notifies).toHaveLength(4 + 2);
    await bench.pass(300);
    expect(bench.edge.notifies).toHaveLength(4 + 4);
  });
});

describe('what watchers may see', () => {
  it.each([
    ['all', 'early', true],
    ['lamp', 'early', false],
    ['nothing', 'terminated', false],
  ] as const)('is %s by configuration: the lamp is %s', async (view, state, telling) => {
    await using bench = await startNotifier({ view });
    await ringing(bench);
    bench.edge.subscribe();
    await settled();
    expect(bench.edge.last.body).toContain(`<state>${state}</state>`);
    expect(/boss|secret-call/.test(bench.edge.last.body)).toBe(telling);
  });
});
