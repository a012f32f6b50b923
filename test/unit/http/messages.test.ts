import { describe, expect, test } from 'vitest';
import { harness } from './harness.ts';

const MESSAGES = '/v1/realms/default/presence/1001/messages';

describe('PUT messages', () => {
  test('says how many wait; what is not said is none', async () => {
    const { call } = harness();
    const { status, json } = await call('PUT', MESSAGES, {
      body: { newMessages: 2, account: 'sip:*97@acme.example' },
    });
    expect([status, json.changed]).toEqual([200, true]);
    const mail = {
      newMessages: 2,
      oldMessages: 0,
      newUrgent: 0,
      oldUrgent: 0,
      account: 'sip:*97@acme.example',
    };
    expect((await call('GET', MESSAGES)).json).toEqual({ mail });
    expect((await call('GET', '/v1/realms/default/presence/1001')).json.mail).toEqual(mail);
  });

  test.each([
    ['a count below zero', { newMessages: -1 }],
    ['more urgent ones than there are', { newMessages: 1, newUrgent: 2 }],
    ['an account that is no URI', { newMessages: 1, account: '*97' }],
    ['an account that would begin a line of its own', { newMessages: 1, account: 'sip:a@b\r\nX: y' }],
  ])('refuses %s', async (_, body) => {
    const { call } = harness();
    expect((await call('PUT', MESSAGES, { body })).status).toBe(422);
    expect((await call('GET', MESSAGES)).json).toEqual({ mail: null });
  });

  test('DELETE forgets the mailbox', async () => {
    const { call } = harness();
    await call('PUT', MESSAGES, { body: { newMessages: 1 } });
    expect((await call('DELETE', MESSAGES)).json.changed).toBe(true);
    expect((await call('GET', MESSAGES)).json).toEqual({ mail: null });
  });
});
