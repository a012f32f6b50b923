import { Subscriber, SubscriptionState, UserAgent } from 'sip.js';
import { describe, expect, test, vi } from 'vitest';
import { headersOf, type SipMessage } from '../../src/sip/message.ts';
import { COMBINATIONS, openSurroundings } from '../support/combination.ts';
import { authorization, readChallenge } from '../support/digest-phone.ts';
import { type LamplighterProcess, startLamplighter } from '../support/lamplighter-process.ts';
import { openPhone, randomToken } from '../support/phone.ts';
import { playSipp } from '../support/sipp.ts';

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

/** The edge is what SIPp sees; one store is enough. */
const EDGES = COMBINATIONS.filter(({ edge, store }) => edge === 'drachtio' || store === 'embedded');

describe.each(EDGES)('Digest as SIPp makes it ($name)', (combination) => {
  test.each(['udp', 'tcp'] as const)(
    'over %s a phone watches a lamp, and another dials the callflow that lights it',
    async (transport) => {
      await using surroundings = await openSurroundings(combination);
      // SIPp reads the first challenge only, and knows MD5 only.
      const settings = { ...surroundings.settings, ...DIGEST, LAMPLIGHTER_AUTH_ALGORITHMS: 'MD5' };
      await using lamplighter = await startLamplighter(settings);
      await setPassword(lamplighter, 'acme.example', 'secret');
      const flow = {
        module: 'manual_presence',
        data: { presence_id: 'night', status: 'busy' },
        children: {},
      };
      const callflow = { name: 'Night switch', numbers: ['*30'], flow };
      await lamplighter.api('POST', '/v1/realms/acme.example/callflows', callflow);
      const play = (scenario: string, service: string): Promise<void> => {
        const account = { user: '1001', password: 'secret', uri: `${service}@acme.example` };
        return playSipp({ scenario, transport, server: lamplighter.place(transport), service, account });
      };
      const night = '/v1/realms/acme.example/presence/night';

      const watched = play('digest-watch', 'night');
      const confirmed = async () => {
        const { body } = await lamplighter.api('GET', `${night}/watchers`);
        expect(body).toMatchObject({ items: [{ confirmedRev: 0 }] });
      };
      await Promise.all([watched, vi.waitFor(confirmed, 20_000).then(() => play('digest-call', '*30'))]);
      expect((await lamplighter.api('GET', night)).body).toMatchObject({ lamp: { status: 'busy' } });
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
