import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { headerOf, headersOf, type SipResponse } from '../../src/sip/message.ts';
import { parseNameAddr } from '../../src/sip/name-addr.ts';
import { workerOfDialog } from '../../src/sip/worker-mark.ts';
import { authorization, readChallenge, type SeenChallenge } from '../support/digest-phone.ts';
import { readNotify } from '../support/lamp-document.ts';
import { type LamplighterProcess, startLamplighter } from '../support/lamplighter-process.ts';
import { openPhone, type Phone, randomToken, tagOf } from '../support/phone.ts';
import { redisForTests } from '../support/redis.ts';
import { allWork, crewSettings, RIGHT_MS, workerPids } from '../support/worker-processes.ts';

const TIMEOUT_MS = 240_000;
const REALM = 'example.com';
/** Room for a challenge: a datagram that proves nothing gets no longer an answer than it is itself. */
const ROOM = ['user-agent', 'x'.repeat(300)];

const open = new AsyncDisposableStack();
let lamplighter: LamplighterProcess;
/** A port of the same address for each of the two workers: what it sends, that worker hears. */
let one: Phone;
let other: Phone;

beforeAll(async () => {
  const redis = open.use(await redisForTests());
  const settings = crewSettings(redis, 2, { LAMPLIGHTER_AUTH_MODE: 'digest' });
  lamplighter = open.use(await startLamplighter(settings));
  const user = await lamplighter.api('PUT', `/v1/realms/${REALM}/users/1001`, { password: 'secret' });
  expect(user.status).toBe(200);
}, TIMEOUT_MS);
afterAll(() => open.disposeAsync());

beforeEach(async () => {
  await allWork(lamplighter);
  const ports = new Map<number | null, Phone>();
  while (!ports.has(1) || !ports.has(2)) {
    const server = lamplighter.place('udp');
    const phone = open.use(await openPhone({ transport: 'udp', server, repeats: true }));
    ports.set(await workerThatHears(phone), phone);
  }
  [one, other] = [ports.get(1) ?? expect.fail(), ports.get(2) ?? expect.fail()];
});

/** The worker that hears what a phone sends: its tag is in the answer to OPTIONS (RFC 3261 §11.2), for which nobody is asked. */
async function workerThatHears(phone: Phone): Promise<number | null> {
  const answer = await phone.request({ method: 'OPTIONS', uri: `sip:${REALM}`, headers: ROOM });
  expect(answer.status).toBe(200);
  return workerOfDialog(phone.texts.at(-1) ?? '');
}

/** What a phone answers a challenge with: its nonce, and how often that was used. */
interface Proof {
  readonly challenge: SeenChallenge;
  readonly nc: number;
}

/** A subscription that its phone may make and refresh from any port. */
class Roaming {
  readonly id: string;
  toTag: string | null = null;
  readonly #callId = randomToken();
  readonly #fromTag = randomToken();
  #uri: string;
  #cseq = 0;

  constructor(id = `lamp-${randomToken()}`) {
    this.id = id;
    this.#uri = `sip:${id}@${REALM}`;
  }

  /** Sends a SUBSCRIBE from a port and waits for the final response. */
  async send(from: Phone, proof?: Proof): Promise<SipResponse> {
    this.#cseq += 1;
    const uri = this.#uri;
    const line = proof && authorization(proof.challenge, { uri, nc: proof.nc });
    const response = await from.request({
      method: 'SUBSCRIBE',
      uri,
      callId: this.#callId,
      fromTag: this.#fromTag,
      ...(this.toTag !== null && { toTag: this.toTag }),
      cseq: this.#cseq,
      headers: [
        ...['event', 'dialog', 'expires', '600', ...ROOM],
        ...(line === undefined ? [] : ['authorization', line.replace('Authorization: ', '')]),
      ],
    });
    if (response.status === 200) {
      this.toTag = tagOf(response, 'to');
      this.#uri = parseNameAddr(headerOf(response, 'contact') ?? '')?.uri ?? uri;
    }
    return response;
  }

  /** The lamp that the phone shows, whatever port it was told on. */
  shown(): string | undefined {
    const told = [one, other].flatMap(({ requests }) => requests.all);
    const ofThis = told.filter((request) => headerOf(request, 'call-id') === this.#callId).map(readNotify);
    return ofThis.toSorted((first, second) => first.cseq - second.cseq).at(-1)?.lamp;
  }
}

/** The challenge of a 401. */
function challengeOf(response: SipResponse): SeenChallenge {
  expect(response.status).toBe(401);
  return readChallenge(headersOf(response, 'www-authenticate')[0] ?? '');
}

/** A challenge that is sent to a port. */
async function challengeOn(port: Phone, roaming: Roaming): Promise<SeenChallenge> {
  const challenge = challengeOf(await roaming.send(port));
  expect(challenge.stale).toBe(false);
  return challenge;
}

async function expectShown(roaming: Roaming, lamp: string): Promise<void> {
  await vi.waitFor(() => expect(roaming.shown()).toBe(lamp), { timeout: RIGHT_MS, interval: 20 });
}

describe('SIP digest at two workers', { timeout: TIMEOUT_MS }, () => {
  test('RFC 7616 §3.3: a nonce that one worker has given is good on the other', async () => {
    for (const [asked, answered, worker] of [
      [one, other, 2],
      [other, one, 1],
    ] as const) {
      const roaming = new Roaming();
      const challenge = await challengeOn(asked, roaming);
      expect((await roaming.send(answered, { challenge, nc: 1 })).status).toBe(200);
      // Who has answered has formed the dialog.
      expect(workerOfDialog(`\nTo: <sip:x>;tag=${roaming.toTag}`)).toBe(worker);
      await expectShown(roaming, 'terminated');
    }
  });

  test('RFC 7616 §3.4.5: a count that was used on one worker is refused as stale by both, and the next is good on both', async () => {
    const first = new Roaming();
    const challenge = await challengeOn(one, first);
    let nc = 0;
    for (const [port, another] of [
      [one, other],
      [other, one],
      [one, other],
    ] as const) {
      nc += 1;
      expect((await new Roaming(first.id).send(port, { challenge, nc })).status).toBe(200);
      for (const copied of [another, port]) {
        expect(challengeOf(await new Roaming(first.id).send(copied, { challenge, nc })).stale).toBe(true);
      }
    }
  });

  test('the same count at both workers at once is good on one of them', async () => {
    const first = new Roaming();
    const challenge = await challengeOn(one, first);
    for (let nc = 1; nc <= 12; nc += 1) {
      const asked = [one, other].map((port) => new Roaming(first.id).send(port, { challenge, nc }));
      const statuses = (await Promise.all(asked)).map(({ status }) => status);
      expect(statuses.toSorted()).toEqual([200, 401]);
    }
  });

  test('a phone that was let in by one worker stays subscribed when the other hears its refreshes, also once the first has died', async () => {
    const roaming = new Roaming();
    let challenge = await challengeOn(one, roaming);
    expect((await roaming.send(one, { challenge, nc: 1 })).status).toBe(200);
    const { toTag } = roaming;
    expect(workerOfDialog(`\nTo: <sip:x>;tag=${toTag}`)).toBe(1);
    // In the dialog a copy is refused as well, and the dialog stays.
    expect(challengeOf(await roaming.send(other)).stale).toBe(false);
    expect((await roaming.send(other, { challenge, nc: 2 })).status).toBe(200);
    for (const port of [one, other])
      expect(challengeOf(await roaming.send(port, { challenge, nc: 2 })).stale).toBe(true);
    await lamplighter.api('PUT', `/v1/realms/${REALM}/presence/${roaming.id}`, { status: 'busy' });
    await expectShown(roaming, 'confirmed');

    process.kill(workerPids(lamplighter)[0] ?? 0, 'SIGKILL');
    const nc = 3;
    let answer = await roaming.send(other, { challenge, nc });
    if (answer.status === 401) {
      // The next process of the first worker takes no nonce from before its start: that may have been used.
      challenge = challengeOf(answer);
      expect(challenge.stale).toBe(true);
      answer = await roaming.send(other, { challenge, nc });
    }
    expect(answer.status).toBe(200);
    await allWork(lamplighter);
    for (const port of [one, other])
      expect(challengeOf(await roaming.send(port, { challenge, nc })).stale).toBe(true);
    await lamplighter.api('PUT', `/v1/realms/${REALM}/presence/${roaming.id}`, { status: 'ringing' });
    await expectShown(roaming, 'early');
    expect(roaming.toTag).toBe(toTag);
  });
});
