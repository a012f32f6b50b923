import { describe, expect, test } from 'vitest';
import { headerOf, type SipResponse } from '../../src/sip/message.ts';
import { COMBINATIONS } from '../support/combination.ts';
import { readNotify } from '../support/lamp-document.ts';
import { setLamplighterStage } from '../support/lamplighter-stage.ts';
import { type Phone, type PhoneSubscription, randomToken } from '../support/phone.ts';
import { dialogInfo, dialogText, pidf } from '../support/published.ts';

const TYPES = { dialog: 'application/dialog-info+xml', presence: 'application/pidf+xml' } as const;

interface Publishing {
  readonly event?: keyof typeof TYPES;
  readonly body?: string;
  readonly expires?: number;
  readonly ifMatch?: string;
}

describe.each(COMBINATIONS)('PUBLISH ($name)', (combination) => {
  const stage = setLamplighterStage(combination, { LAMPLIGHTER_SIP_MIN_EXPIRES_SECONDS: '2' });

  function publish(phone: Phone, id: string, what: Publishing): Promise<SipResponse> {
    const { event = 'dialog', body = '', expires = 600, ifMatch } = what;
    const headers = ['event', event, 'expires', `${expires}`];
    if (ifMatch !== undefined) headers.push('sip-if-match', ifMatch);
    if (body !== '') headers.push('content-type', TYPES[event]);
    return phone.request({ method: 'PUBLISH', uri: stage.uriOf(id), headers, body });
  }

  function tagOf(response: SipResponse): string {
    expect(response.status).toBe(200);
    return headerOf(response, 'sip-etag') ?? expect.fail('no SIP-ETag');
  }

  async function lampOf(subscription: PhoneSubscription, ms?: number): Promise<string> {
    return readNotify(await subscription.nextNotify(ms)).lamp;
  }

  describe.concurrent.each(['udp', 'tcp'] as const)('over %s', (transport) => {
    test('a call that a phone publishes lights the lamp of another, and late news do not', async () => {
      const id = `lamp-${randomToken()}`;
      const [phone, watcher] = [await stage.phone({ transport }), await stage.phone({ transport: 'udp' })];
      const lamp = await watcher.subscribe(stage.uriOf(id));
      expect(await lampOf(lamp)).toBe('terminated');

      const ringing = dialogInfo(dialogText('d1', 'early', 'call-id="c1"'), 'version="0" state="partial"');
      const answer = await publish(phone, id, { body: ringing });
      const tag = tagOf(answer);
      expect(headerOf(answer, 'expires')).toBe('600');
      expect(headerOf(answer, 'contact')).toBeNull();
      expect(await lampOf(lamp)).toBe('early');

      const next = tagOf(
        await publish(phone, id, { ifMatch: tag, body: dialogInfo(dialogText('d1', 'confirmed')) }),
      );
      expect(await lampOf(lamp)).toBe('confirmed');
      expect((await publish(phone, id, { ifMatch: tag, body: ringing })).status).toBe(412);
      const over = tagOf(
        await publish(phone, id, { ifMatch: next, body: dialogInfo(dialogText('d1', 'terminated')) }),
      );
      expect(await lampOf(lamp)).toBe('terminated');
      tagOf(await publish(phone, id, { body: ringing }));
      tagOf(await publish(phone, id, { ifMatch: over, expires: 0 }));
      await lamp.notifies.silent(1_500);
    });

    test('do-not-disturb is shown to lamps and, with its note, to watchers of presence', async () => {
      const id = `lamp-${randomToken()}`;
      const [phone, watcher] = [await stage.phone({ transport }), await stage.phone({ transport: 'udp' })];
      const lamp = await watcher.subscribe(stage.uriOf(id));
      const presence = await watcher.subscribe(stage.uriOf(id), { event: 'presence' });
      expect([await lampOf(lamp), await lampOf(presence)]).toEqual(['terminated', 'open']);
      const body = pidf('busy', 'Do not disturb');
      const tag = tagOf(await publish(phone, id, { event: 'presence', body }));
      expect(await lampOf(lamp)).toBe('confirmed');
      expect(readNotify(await presence.nextNotify())).toMatchObject({
        lamp: 'busy',
        text: expect.stringContaining('Do not disturb'),
      });
      const { body: board } = await stage.lamplighter.api('GET', `/v1/realms/default/presence/${id}`);
      expect(board).toMatchObject({
        changedBy: 'publish',
        publications: [{ etag: tag, package: 'presence' }],
      });
      await publish(phone, id, { event: 'presence', ifMatch: tag, expires: 0 });
      expect([await lampOf(lamp), await lampOf(presence)]).toEqual(['terminated', 'open']);
    });

    test('a phone that is gone takes its lamp with it', async () => {
      const id = `lamp-${randomToken()}`;
      const [phone, watcher] = [await stage.phone({ transport }), await stage.phone({ transport: 'udp' })];
      const lamp = await watcher.subscribe(stage.uriOf(id));
      expect(await lampOf(lamp)).toBe('terminated');
      tagOf(await publish(phone, id, { body: dialogInfo(dialogText('d1', 'early')), expires: 2 }));
      expect(await lampOf(lamp)).toBe('early');
      expect(await lampOf(lamp, 10_000)).toBe('terminated');
    });

    test.each([
      ['423 with Min-Expires', { body: dialogInfo(''), expires: 1 }, 423, 'min-expires', '2'],
      ['412 for an unknown entity-tag', { ifMatch: 'nobody' }, 412, 'min-expires', null],
      ['400 without a body', {}, 400, 'min-expires', null],
      ['400 for a body that is not XML', { body: '<dialog-info' }, 400, 'min-expires', null],
    ] as const)('is refused with %s', async (_, what, status, name, value) => {
      const response = await publish(await stage.phone({ transport }), 'refused', what);
      expect([response.status, headerOf(response, name)]).toEqual([status, value]);
    });
  });
});
