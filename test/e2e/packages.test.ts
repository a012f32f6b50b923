import { describe, expect, test } from 'vitest';
import { headerOf, type SipRequest } from '../../src/sip/message.ts';
import { COMBINATIONS } from '../support/combination.ts';
import { setLamplighterStage } from '../support/lamplighter-stage.ts';
import { randomToken } from '../support/phone.ts';

describe.each(COMBINATIONS)('event packages beside lamps ($name)', (combination) => {
  const stage = setLamplighterStage(combination);

  const phoneCalled = (user: string) => stage.phone({ transport: 'udp', user });

  const entityTagOf = (notify: SipRequest) => headerOf(notify, 'sip-etag') ?? '';

  test.concurrent('RFC 3842: a phone hears of the messages that wait for it', async () => {
    const id = `mail-${randomToken()}`;
    const phone = await phoneCalled(id);
    const subscription = await phone.subscribe(stage.uriOf(id), { event: 'message-summary' });
    expect((await subscription.nextNotify()).body).toContain('Messages-Waiting: no\r\n');
    await stage.lamplighter.api('PUT', `/v1/realms/default/presence/${id}/messages`, { newMessages: 3 });
    const notify = await subscription.nextNotify();
    expect(headerOf(notify, 'content-type')).toBe('application/simple-message-summary');
    expect(notify.body).toBe('Messages-Waiting: yes\r\nVoice-Message: 3/0 (0/0)\r\n');
  });

  test.concurrent('RFC 3857: a phone hears who watches it, and nobody else may ask', async () => {
    const id = `watched-${randomToken()}`;
    const phone = await phoneCalled(id);
    const other = await phoneCalled(`other-${randomToken()}`);
    // The phones of these tests call themselves so.
    const uri = `sip:${id}@example.com`;
    const informed = await phone.subscribe(uri, { event: 'dialog.winfo' });
    expect((await informed.nextNotify()).body).not.toContain('<watcher ');
    expect((await other.subscribe(uri, { event: 'dialog.winfo' })).status).toBe(403);
    await other.subscribe(uri);
    expect((await informed.nextNotify()).body).toContain(`>sip:${other.user}@`);
  });

  test.concurrent('RFC 5839: a refresh of a phone that has the state is answered 204, without NOTIFY', async () => {
    const id = `tag-${randomToken()}`;
    const phone = await phoneCalled(`phone-${randomToken()}`);
    const subscription = await phone.subscribe(stage.uriOf(id));
    const tag = entityTagOf(await subscription.nextNotify());
    const refreshed = await subscription.refresh(600, ['suppress-if-match', tag]);
    expect([refreshed.status, headerOf(refreshed, 'expires')]).toEqual([204, '600']);
    await stage.lamplighter.set(id, 'busy');
    const next = await subscription.nextNotify();
    expect(next.body).toContain('<state>confirmed</state>');
    expect(entityTagOf(next)).not.toBe(tag);
  });

  test.concurrent('RFC 6446: a phone that asks to be told again is', async () => {
    const phone = await phoneCalled(`phone-${randomToken()}`);
    const event = 'dialog;min-rate=0.2';
    const subscription = await phone.subscribe(stage.uriOf(`rate-${randomToken()}`), { event });
    const first = await subscription.nextNotify();
    expect(headerOf(first, 'subscription-state')).toMatch(/^active;expires=\d+;min-rate=0\.2$/);
    expect((await subscription.nextNotify()).body).toContain('<state>terminated</state>');
  });
});
