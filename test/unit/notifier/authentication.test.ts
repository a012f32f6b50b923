import { describe, expect, test } from 'vitest';
import { digestHash, sealOf } from '../../../src/digest-hash.ts';
import type { AuthParts } from '../../../src/notifier/authenticator.ts';
import type { NotifierOptions } from '../../../src/notifier/options.ts';
import type { HashedPassword } from '../../../src/ports/credentials.ts';
import type { Answer, Flow } from '../../../src/ports/edge.ts';
import { NIGHT } from '../../support/boards.ts';
import {
  authorization,
  type DigestFacts,
  hashedPassword,
  readChallenge,
  type SeenChallenge,
} from '../../support/digest-phone.ts';
import { ManualClock, settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';
import type { SubscribeFacts } from '../../support/recording-edge.ts';

const PROXY = '192.0.2.200';
const UDP: Flow = {
  transport: 'udp',
  remoteAddress: '198.51.100.10',
  remotePort: 5062,
  localAddress: '192.0.2.1',
  localPort: 5060,
};
const TCP: Flow = { ...UDP, transport: 'tcp' };

const USERS = new Map<string, HashedPassword>([
  ['1001@acme.example', hashedPassword('1001', 'acme.example', 'secret')],
  ['1002@acme.example', hashedPassword('1002', 'acme.example', 'other')],
  ['9@branch.example', hashedPassword('9', 'branch.example', 'secret')],
  ['old@acme.example', { ...hashedPassword('old', 'acme.example', 'secret'), sha256: null }],
]);

const AUTH: AuthParts = {
  credentials: { find: async (realm, user) => USERS.get(`${user}@${realm}`) ?? null },
  hash: digestHash,
  seal: sealOf('a secret for tests'),
  trusts: (address) => address === PROXY,
  nonceLifetimeMs: 3_600_000,
  algorithms: ['SHA-256', 'MD5'],
};

/** A notifier that wants passwords. */
function open(options: Partial<NotifierOptions> = {}, auth: Partial<AuthParts> = {}): Promise<NotifierBench> {
  return startNotifier(options, { ...AUTH, ...auth });
}

function challengesIn(answer: Answer | undefined): readonly SeenChallenge[] {
  const headers = answer?.headers ?? [];
  return headers.flatMap((name, index) =>
    index % 2 === 0 && name === 'www-authenticate' ? [readChallenge(headers[index + 1] ?? '')] : [],
  );
}

/** Sends a SUBSCRIBE and gives its answer. */
async function subscribe(bench: NotifierBench, facts: SubscribeFacts = {}): Promise<Answer> {
  const before = bench.edge.answers.length;
  bench.edge.subscribe({ flow: UDP, ...facts });
  await settled();
  return bench.edge.answers[before] ?? expect.fail('no answer');
}

/** Sends a request other than SUBSCRIBE and gives its answer, or that of the one before while there is none. */
async function send(
  bench: NotifierBench,
  { method, uri }: { readonly method: string; readonly uri: string },
  headers: readonly string[],
): Promise<Answer | undefined> {
  bench.edge.receive(
    [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP h;branch=z9hG4bK${uri}${headers.length}`,
      'From: <sip:1001@acme.example>;tag=1',
      `To: <${uri}>`,
      `Call-ID: ${uri}`,
      `CSeq: ${headers.length + 1} ${method}`,
      ...headers,
      '',
      '',
    ].join('\n'),
    UDP,
  );
  await settled();
  return bench.edge.answers.at(-1);
}

/** Sends an INVITE and gives its answer, or that of the one before while there is none. */
function invite(
  bench: NotifierBench,
  uri: string,
  headers: readonly string[] = [],
): Promise<Answer | undefined> {
  return send(bench, { method: 'INVITE', uri }, ['Contact: <sip:1001@h>', ...headers]);
}

/** Is challenged, and answers the strongest challenge, or `which`. */
async function authenticate(
  bench: NotifierBench,
  digest: DigestFacts = {},
  facts: SubscribeFacts = {},
): Promise<Answer> {
  const [challenge] = challengesIn(await subscribe(bench, facts));
  if (challenge === undefined) throw new Error('There is no challenge');
  return subscribe(bench, { ...facts, headers: [authorization(challenge, digest)] });
}

describe('a SUBSCRIBE from a network that is not trusted', () => {
  test('RFC 3261 §22.2, RFC 8760 §2.3: gets 401, never 407, with SHA-256 before MD5 in one realm', async () => {
    await using bench = await open();
    const answer = await subscribe(bench);
    expect(answer.status).toBe(401);
    const challenges = challengesIn(answer);
    expect(challenges.map(({ algorithm }) => algorithm)).toEqual(['SHA-256', 'MD5']);
    expect(challenges.map(({ realm }) => realm)).toEqual(['acme.example', 'acme.example']);
    expect(bench.edge.notifies).toHaveLength(0);
  });

  test('RFC 3261 §8.2.7: copies of it get the same tag, though nothing is kept', async () => {
    await using bench = await open();
    const tags = [await subscribe(bench, { cseq: 7 }), await subscribe(bench, { cseq: 7 })].map(
      ({ toTag }) => toTag,
    );
    expect(tags[0]).toBe(tags[1]);
    expect(tags[0]).toMatch(/^.{12}$/);
  });

  test.each(['SHA-256', 'MD5'] as const)('RFC 7616: is served with a right %s digest', async (algorithm) => {
    await using bench = await open();
    expect((await authenticate(bench, { algorithm })).status).toBe(200);
    expect(bench.edge.last.slot.record.identity).toBe('1001@acme.example');
    expect(bench.authenticated).toEqual(['challenged', 'authenticated']);
  });

  test.each([
    ['a wrong password', { password: 'guess' }],
    ['an unknown user', { username: '4711' }],
    ['the password of another', { username: '1002' }],
    ['another method in the digest', { method: 'INVITE' }],
  ])('gets a new challenge, which is not stale, for %s', async (_, digest) => {
    await using bench = await open();
    const answer = await authenticate(bench, digest);
    expect(answer.status).toBe(401);
    expect(challengesIn(answer).map(({ stale }) => stale)).toEqual([false, false]);
    expect(bench.authenticated).toContain('wrong');
  });

  test('RFC 7616 §3.4.6: a digest for another URI is 400', async () => {
    await using bench = await open();
    expect(await authenticate(bench, { uri: 'sip:other@acme.example' })).toMatchObject({
      status: 400,
      reason: 'Digest For Another URI',
    });
  });

  test('RFC 8760 §2.6: a digest without qop is 400', async () => {
    await using bench = await open();
    const [challenge] = challengesIn(await subscribe(bench));
    const header = authorization(challenge ?? expect.fail()).replace(', qop=auth', '');
    expect(await subscribe(bench, { headers: [header] })).toMatchObject({ status: 400 });
  });

  test('RFC 3261 §22.3: finds the credentials of our realm among others', async () => {
    await using bench = await open();
    const [challenge] = challengesIn(await subscribe(bench));
    const other = authorization({ ...(challenge ?? expect.fail()), realm: 'proxy.example' });
    const basic = 'Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==';
    const own = authorization(challenge ?? expect.fail());
    expect((await subscribe(bench, { headers: [basic, other, own] })).status).toBe(200);
  });

  test('a user of whom only MD5 is kept is asked for that, and its phone need not ask it again', async () => {
    await using bench = await open();
    const again = await authenticate(bench, { username: 'old' });
    const [challenge, ...more] = challengesIn(again);
    expect(more).toEqual([]);
    expect(challenge).toMatchObject({ algorithm: 'MD5', stale: true });
    const header = authorization(challenge ?? expect.fail(), { username: 'old' });
    expect((await subscribe(bench, { headers: [header] })).status).toBe(200);
  });

  test('stacks in browsers read one challenge only, and MD5 only: over WebSocket there is no other', async () => {
    await using bench = await open();
    const answer = await subscribe(bench, { flow: { ...UDP, transport: 'ws' } });
    expect(challengesIn(answer).map(({ algorithm }) => algorithm)).toEqual(['MD5']);
  });

  test('an algorithm that is not offered is not taken', async () => {
    await using bench = await open({}, { algorithms: ['SHA-256'] });
    expect((await authenticate(bench, { algorithm: 'MD5' })).status).toBe(401);
  });

  test('user@realm is another way to write user', async () => {
    USERS.set('7@acme.example@acme.example', hashedPassword('7@acme.example', 'acme.example', 'secret'));
    await using bench = await open();
    expect((await authenticate(bench, { username: '7@acme.example' })).status).toBe(200);
    expect(bench.edge.last.slot.record.identity).toBe('7@acme.example');
  });

  test('a phone that writes only an address into From is asked in the realm of what it watches', async () => {
    await using bench = await open();
    bench.edge.receive(
      `OPTIONS sip:acme.example SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\nFrom: <sip:a@b>;tag=1\nTo: <sip:acme.example>\nCall-ID: 1\nCSeq: 1 OPTIONS\n\n`,
      UDP,
    );
    expect(bench.edge.answers[0]?.status).toBe(200);
    bench.edge.receive(
      `SUBSCRIBE sip:night@branch.example SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bK2\nFrom: <sip:9@10.1.1.1>;tag=1\nTo: <sip:night@branch.example>\nCall-ID: 2\nCSeq: 1 SUBSCRIBE\nContact: <sip:9@10.1.1.1>\nEvent: dialog\n\n`,
      UDP,
    );
    expect(challengesIn(bench.edge.answers[1])[0]?.realm).toBe('branch.example');
  });

  test('a realm that does not exist is 404, without a challenge', async () => {
    await using bench = await open({ realms: { realms: { 'other.example': [] }, external: '' } });
    expect(await subscribe(bench)).toMatchObject({ status: 404, unproven: true });
  });
});

describe('nonces', () => {
  test('RFC 7616 §3.3: an old one is stale, so that the phone goes on with what it knows', async () => {
    await using bench = await open();
    const [challenge] = challengesIn(await subscribe(bench));
    await bench.pass(3_600_000);
    const answer = await subscribe(bench, { headers: [authorization(challenge ?? expect.fail())] });
    expect(answer.status).toBe(401);
    expect(challengesIn(answer).map(({ stale }) => stale)).toEqual([true, true]);
    const [fresh] = challengesIn(answer);
    expect((await subscribe(bench, { headers: [authorization(fresh ?? expect.fail())] })).status).toBe(200);
  });

  test('one of another address is stale: only an answer from where it was sent proves anything', async () => {
    await using bench = await open();
    const [challenge] = challengesIn(await subscribe(bench));
    const headers = [authorization(challenge ?? expect.fail())];
    const answer = await subscribe(bench, { headers, flow: { ...UDP, remoteAddress: '198.51.100.66' } });
    expect(answer).toMatchObject({ status: 401, unproven: true });
    expect(challengesIn(answer)[0]?.stale).toBe(true);
  });

  test('one that we did not make is not stale', async () => {
    await using bench = await open();
    const challenge = { realm: 'acme.example', nonce: 'mine', algorithm: 'MD5', stale: false };
    const answer = await subscribe(bench, { headers: [authorization(challenge)] });
    expect(challengesIn(answer)[0]?.stale).toBe(false);
  });

  test('RFC 7616 §3.4.5: credentials are good once; the next count is good again', async () => {
    await using bench = await open();
    const [challenge = expect.fail()] = challengesIn(await subscribe(bench));
    const headers = [authorization(challenge)];
    expect((await subscribe(bench, { headers })).status).toBe(200);
    const copy = await subscribe(bench, { headers, callId: 'copy' });
    expect(copy.status).toBe(401);
    expect(challengesIn(copy)[0]?.stale).toBe(true);
    const next = [authorization(challenge, { nc: 2 })];
    expect((await subscribe(bench, { headers: next, callId: 'next' })).status).toBe(200);
  });

  test('credentials that one node has taken are not good for a new dialog on another', async () => {
    await using bench = await open();
    const clock = new ManualClock();
    const other = await bench.another(clock);
    await bench.pass(10);
    const [challenge = expect.fail()] = challengesIn(await subscribe(bench));
    const headers = [authorization(challenge)];
    expect((await subscribe(bench, { headers })).status).toBe(200);
    const copy = await subscribe(other, { headers, callId: 'copy' });
    expect(copy.status).toBe(401);
    expect(challengesIn(copy)[0]?.stale).toBe(true);
    const next = [authorization(challenge, { nc: 2 })];
    expect((await subscribe(other, { headers: next, callId: 'next' })).status).toBe(200);
  });
});

describe('passwords that are guessed', () => {
  test('are looked at ever later, without a word to other phones; the wait is in Retry-After', async () => {
    await using bench = await open();
    const guess = () => authenticate(bench, { password: 'guess' });
    const statuses = [];
    for (let time = 0; time < 5; time += 1) statuses.push((await guess()).status);
    expect(statuses).toEqual([401, 401, 401, 401, 480]);
    expect(bench.edge.answers.at(-1)?.headers).toEqual(['retry-after', '1']);
    // Not even the right one is looked at meanwhile; another user is not concerned.
    expect((await authenticate(bench)).status).toBe(480);
    expect((await authenticate(bench, { username: '1002', password: 'other' }, { callId: 'c' })).status).toBe(
      200,
    );
    await bench.pass(1000);
    expect((await authenticate(bench)).status).toBe(200);
    expect(bench.authenticated.filter((event) => event === 'slowed')).toHaveLength(2);
  });
});

describe('amplification', () => {
  test('a datagram that proves nothing is answered as such; an answer to a right nonce is not', async () => {
    await using bench = await open();
    expect((await subscribe(bench)).unproven).toBe(true);
    const wrong = await authenticate(bench, { password: 'guess' });
    expect(wrong).not.toHaveProperty('unproven');
    expect(await authenticate(bench)).not.toHaveProperty('unproven');
  });

  test('a stream proves where it comes from', async () => {
    await using bench = await open();
    expect(await subscribe(bench, { flow: TCP })).not.toHaveProperty('unproven');
  });

  test('RFC 3261 §11: OPTIONS stays open, bounded', async () => {
    await using bench = await open();
    const text = (method: string) =>
      `${method} sip:acme.example SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\nFrom: <sip:a@b>;tag=1\nTo: <sip:acme.example>\nCall-ID: 1\nCSeq: 1 ${method}\n\n`;
    bench.edge.receive(text('OPTIONS'), UDP);
    bench.edge.receive(text('MESSAGE'), UDP);
    expect(bench.edge.answers).toMatchObject([
      { status: 200, unproven: true },
      { status: 405, unproven: true },
    ]);
  });
});

describe('your own proxy', () => {
  test('needs no password, and nobody waits for anything', async () => {
    await using bench = await open({}, { credentials: { find: () => Promise.reject(new Error('asked')) } });
    const answer = await subscribe(bench, { flow: { ...UDP, remoteAddress: PROXY } });
    expect(answer.status).toBe(200);
    expect(bench.edge.last.slot.record.identity).toBeNull();
  });
});

describe('who may', () => {
  const RULES = {
    watch: {
      'acme.example': [
        { watchers: ['1002'], ids: ['night'], see: 'refuse' as const },
        { watchers: ['9@branch.example'], ids: ['*'], see: 'all' as const },
      ],
    },
    publish: {},
  };

  test('RFC 6665 §4.2.1.3: a watcher that a rule refuses gets 403', async () => {
    await using bench = await open({ privacy: RULES });
    const answer = await authenticate(bench, { username: '1002', password: 'other' });
    expect(answer.status).toBe(403);
    expect(bench.authenticated).toContain('forbidden');
    expect((await authenticate(bench)).status).toBe(200);
  });

  test('an ID of another realm is 403, unless a rule of that realm lets one in', async () => {
    const from = 'sip:9@branch.example';
    for (const [privacy, status] of [
      [{ watch: {}, publish: {} }, 403],
      [RULES, 200],
    ] as const) {
      await using bench = await open({ privacy });
      const ask = async (headers: readonly string[]) => {
        bench.edge.receive(
          [
            'SUBSCRIBE sip:night@acme.example SIP/2.0',
            `Via: SIP/2.0/UDP h;branch=z9hG4bK${headers.length}`,
            `From: <${from}>;tag=1`,
            'To: <sip:night@acme.example>',
            'Call-ID: foreign',
            `CSeq: ${headers.length + 1} SUBSCRIBE`,
            `Contact: <${from}>`,
            'Event: dialog',
            ...headers,
            '',
            '',
          ].join('\n'),
          UDP,
        );
        await settled();
        return bench.edge.answers.at(-1);
      };
      const [challenge = expect.fail()] = challengesIn(await ask([]));
      expect(challenge.realm).toBe('branch.example');
      expect((await ask([authorization(challenge, { username: '9' })]))?.status).toBe(status);
    }
  });

  test('RFC 6665 §6.2: a rule that blocks politely is not seen as a refusal', async () => {
    const rule = { watchers: ['*'], ids: ['night'], see: 'nothing' as const };
    await using bench = await open({ privacy: { watch: { 'acme.example': [rule] }, publish: {} } });
    await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    expect((await authenticate(bench)).status).toBe(200);
    expect(bench.edge.last.slot.record.identity).toBe('1001@acme.example');
  });

  test('a refresh is only for whom the subscription belongs to; 403 for others', async () => {
    await using bench = await open();
    const accepted = await authenticate(bench);
    const toTag = accepted.toTag ?? expect.fail();
    const [challenge = expect.fail()] = challengesIn(await subscribe(bench, { toTag }));
    const thief = { username: '1002', password: 'other' };
    expect((await subscribe(bench, { toTag, headers: [authorization(challenge, thief)] })).status).toBe(403);
    const headers = [authorization(challenge, { nc: 2 })];
    expect((await subscribe(bench, { toTag, headers })).status).toBe(200);
  });

  test('RFC 3903 §6 step 3: a publisher has its own ID only, unless a rule gives it others', async () => {
    const rule = { publishers: ['1001'], ids: ['door*'] };
    await using bench = await open({ privacy: { watch: {}, publish: { 'acme.example': [rule] } } });
    const publish = (uri: string, headers: readonly string[] = []) =>
      send(bench, { method: 'PUBLISH', uri }, ['Event: dialog', ...headers]);
    const tried = async (user: string) => {
      const uri = `sip:${user}@acme.example`;
      const [challenge = expect.fail()] = challengesIn(await publish(uri));
      return (await publish(uri, [authorization(challenge, { method: 'PUBLISH', uri })]))?.status;
    };
    expect(await tried('1002')).toBe(403);
    // There is no body: whoever may publish hears of that.
    expect([await tried('1001'), await tried('door7')]).toEqual([400, 400]);
  });

  test('callflows are for callers of their realm, and a caller is asked like a watcher', async () => {
    await using bench = await open();
    const tried = async (uri: string) => {
      const asked = await invite(bench, uri);
      expect(asked).toMatchObject({ status: 401, unproven: true });
      const [challenge = expect.fail()] = challengesIn(asked);
      return (await invite(bench, uri, [authorization(challenge, { method: 'INVITE', uri })]))?.status;
    };
    expect(await tried('sip:*30@acme.example')).toBe(404);
    expect(await tried('sip:*30@other.example')).toBe(403);
  });

  test('RFC 3261 §9.2: a CANCEL while the password is looked up stops the callflow before it runs', async () => {
    const asked = Promise.withResolvers<void>();
    const slow = async () => {
      await asked.promise;
      return USERS.get('1001@acme.example') ?? null;
    };
    await using bench = await open({}, { credentials: { find: slow } });
    const { callflows } = bench.notifier;
    const flow = { module: 'manual_presence', data: { presence_id: 'night', status: 'busy' }, children: {} };
    const saved = await callflows.create('acme.example', { name: 'x', numbers: ['*30'], flow });
    const uri = 'sip:*30@acme.example';
    const [challenge = expect.fail()] = challengesIn(await invite(bench, uri));
    await invite(bench, uri, [authorization(challenge, { method: 'INVITE', uri })]);
    bench.edge.cancel();
    asked.resolve();
    await settled();
    // The edge has answered with 487.
    expect(bench.edge.answers.map(({ status }) => status)).toEqual([401]);
    expect((await bench.notifier.service.view(NIGHT)).lamp.status).toBe('idle');
    const id = saved.kind === 'saved' ? saved.callflow.id : '';
    expect(await callflows.runs('acme.example', id, 9)).toEqual([]);
  });

  test('while passwords cannot be looked up it is 503, as when the store is away', async () => {
    const { Fault } = await import('../../../src/errors.ts');
    const away = () => Promise.reject(new Fault('CREDENTIALS_AWAY', 'Cannot ask'));
    await using bench = await open({}, { credentials: { find: away } });
    expect((await authenticate(bench)).status).toBe(503);
  });
});
