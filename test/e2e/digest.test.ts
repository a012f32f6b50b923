import { Subscriber, SubscriptionState, UserAgent } from 'sip.js';
import { describe, expect, test, vi } from 'vitest';
import { headersOf, type SipMessage } from '../../src/sip/message.ts';
import { COMBINATIONS, openSurroundings } from '../support/combination.ts';
import { authorization, readChallenge } from '../support/digest-phone.ts';
import { type LamplighterProcess, startLamplighter } from '../support/lamplighter-process.ts';
import { openPhone, randomToken } from '../support/phone.ts';

const DIGEST = { LAMPLIGHTER_AUTH_MODE: 'digest' };

async function setPassword(lamplighter: LamplighterProcess, realm: string, password: string): Promise<void> {
  const answer = await lamplighter.api('PUT', `/v1/realms/${realm}/users/1001`, { password });
  expect(answer).toMatchObject({ status: 200, body: { user: '1001', algorithms: ['SHA-256', 'MD5'] } });
}

describe.each(COMBINATIONS)('Digest ($name)', (combination) => {
  test.each(['udp', 'tcp'] as const)(
    'a phone over %s is challenged by both, and served with either',
    async (transport) => {
      await using surroundings = await openSurroundings(combination);
      await using lamplighter = await startLamplighter({ ...surroundings.settings, ...DIGEST });
      await setPassword(lamplighter, 'example.com', 'secret');
      const phone = await openPhone({ transport, server: lamplighter.place(transport) });
      const uri = `sip:lamp-${randomToken()}@example.com`;
      const ask = (cseq: number, headers: readonly string[]): Promise<SipMessage & { status: number }> =>
        phone.request({
          method: 'SUBSCRIBE',
          uri,
          cseq,
          headers: ['event', 'dialog', 'expires', '600', 'user-agent', 'x'.repeat(200), ...headers],
        });
      const challenged = await ask(1, []);
      expect(challenged.status).toBe(401);
      const challenges = headersOf(challenged, 'www-authenticate').map(readChallenge);
      expect(challenges.map(({ algorithm }) => algorithm)).toEqual(['SHA-256', 'MD5']);
      for (const challenge of challenges) {
        const nc = challenge.algorithm === 'MD5' ? 2 : 1;
        const [, value = ''] = authorization(challenge, { uri, nc }).split('Authorization: ');
        expect((await ask(nc + 1, ['authorization', value])).status).toBe(200);
        const wrong = authorization(challenge, { uri, nc: nc + 2, password: 'guess' }).slice(15);
        expect((await ask(nc + 9, ['authorization', wrong])).status).toBe(401);
      }
      await phone.close();
    },
  );
});

test('sip.js authenticates over WebSocket', async () => {
  await using lamplighter = await startLamplighter(DIGEST);
  await setPassword(lamplighter, 'acme.example', 'secret');
  const { address, port } = lamplighter.place('ws');
  const uriOf = (user: string) => UserAgent.makeURI(`sip:${user}@acme.example`) ?? expect.fail('no URI');
  const agent = new UserAgent({
    uri: uriOf('1001'),
    authorizationUsername: '1001',
    authorizationPassword: 'secret',
    transportOptions: { server: `ws://${address}:${port}` },
    logBuiltinEnabled: false,
    gracefulShutdown: false,
  });
  await agent.start();
  const subscriber = new Subscriber(agent, uriOf('night'), 'dialog', {
    delegate: { onNotify: (notification) => void notification.accept() },
  });
  await subscriber.subscribe();
  await vi.waitFor(() => expect(subscriber.state).toBe(SubscriptionState.Subscribed), 10_000);
  await agent.stop();
});
