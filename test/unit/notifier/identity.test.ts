import { describe, expect, test, vi } from 'vitest';
import { digestHash, sealOf } from '../../../src/digest-hash.ts';
import { Fault } from '../../../src/errors.ts';
import type { AuthParts } from '../../../src/notifier/authenticator.ts';
import type { NotifierOptions } from '../../../src/notifier/options.ts';
import type { Answer, Flow } from '../../../src/ports/edge.ts';
import type { Sight } from '../../../src/presence/privacy.ts';
import { authorization, hashedPassword, readChallenge } from '../../support/digest-phone.ts';
import { readList } from '../../support/list-document.ts';
import { ManualClock, settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';

const REALM = 'acme.example';
const UDP: Flow = {
  transport: 'udp',
  remoteAddress: '198.51.100.10',
  remotePort: 5062,
  localAddress: '192.0.2.1',
  localPort: 5060,
};
const LISTS = ['Supported: eventlist', 'Accept: multipart/related'];

const AUTH: AuthParts = {
  credentials: { find: async (realm, user) => hashedPassword(user, realm, 'secret') },
  hash: digestHash,
  seal: sealOf('a secret for tests'),
  trusts: () => false,
  nonceLifetimeMs: 3_600_000,
  algorithms: ['SHA-256'],
};

function open(options: Partial<NotifierOptions> = {}): Promise<NotifierBench> {
  return startNotifier(options, AUTH);
}

function ruled(watchers: string, ids: string, see: Sight): Partial<NotifierOptions> {
  return {
    privacy: { watch: { [REALM]: [{ watchers: [watchers], ids: [ids], see }] }, publish: {} },
  };
}

interface Facts {
  readonly method?: string;
  readonly user?: string;
  /** What From says; the user unless given. */
  readonly from?: string;
  readonly to?: string;
  readonly toTag?: string;
  readonly callId?: string;
  readonly event?: string;
  readonly expires?: number;
  readonly headers?: readonly string[];
  readonly flow?: Flow;
  readonly nonce?: string;
  readonly nc?: number;
}

let cseq = 0;

async function send(bench: NotifierBench, facts: Facts): Promise<Answer> {
  const { method = 'SUBSCRIBE', user = '1001', from = user, to = 'night', event = 'dialog' } = facts;
  const { callId = `${user}-${to}-${event}`, toTag, nonce, nc = 1, headers = [], flow = UDP } = facts;
  const uri = `sip:${to}@${REALM}`;
  const challenge = { realm: REALM, nonce: nonce ?? '', algorithm: 'SHA-256', stale: false };
  const proof = nonce === undefined ? [] : [authorization(challenge, { username: user, method, uri, nc })];
  cseq += 1;
  const before = bench.edge.answers.length;
  const lines = [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP h;branch=z9hG4bK${cseq}`,
    `From: "Boss" <sip:${from}@${REALM}>;tag=phone`,
    `To: <${uri}>${toTag === undefined ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:phone@10.0.0.5:5062>',
    ...(method === 'INVITE' ? [] : [`Event: ${event}`, `Expires: ${facts.expires ?? 600}`]),
    ...headers,
    ...proof,
  ];
  bench.edge.receive(`${lines.join('\n')}\n\n`, flow);
  await settled();
  return bench.edge.answers[before] ?? expect.fail('no answer');
}

async function nonceFor(bench: NotifierBench, facts: Facts): Promise<string> {
  const { headers } = await send(bench, facts);
  return readChallenge(headers[headers.indexOf('www-authenticate') + 1] ?? '').nonce;
}

/** Is challenged, and answers. */
async function authenticated(bench: NotifierBench, facts: Facts = {}): Promise<Answer> {
  return send(bench, { ...facts, nonce: await nonceFor(bench, facts) });
}

describe('a copy of credentials on another node', () => {
  async function nodes() {
    const bench = await open();
    const other = await bench.another(new ManualClock());
    await bench.pass(10);
    return { bench, other };
  }

  test('is not good because somebody has put a tag on To: no digest covers that (RFC 7616 §3.4.3)', async () => {
    const { bench, other } = await nodes();
    await using _ = bench;
    const publish = { method: 'PUBLISH', to: '1001' };
    const nonce = await nonceFor(bench, publish);
    expect((await send(bench, { ...publish, nonce })).status).toBe(400);
    expect((await send(other, { ...publish, nonce, toTag: 'any' })).status).toBe(401);
  });

  test('is not good for a refresh either, whatever its CSeq', async () => {
    const { bench, other } = await nodes();
    await using _ = bench;
    const nonce = await nonceFor(bench, {});
    const { toTag = '' } = await send(bench, { nonce });
    expect((await send(bench, { nonce, toTag, nc: 2 })).status).toBe(200);
    expect((await send(other, { nonce, toTag, nc: 2 })).status).toBe(401);
    expect((await send(other, { nonce, toTag, nc: 3 })).status).toBe(200);
  });

  test('cannot be looked for while the store is away: refreshes are taken all the same, nothing else is', async () => {
    await using bench = await open();
    const nonce = await nonceFor(bench, {});
    const { toTag = '' } = await send(bench, { nonce });
    const away = () => Promise.reject(new Fault('STORE_AWAY', 'Cannot ask'));
    vi.spyOn(bench.store.callflows, 'claim').mockImplementation(away);
    expect((await send(bench, { nonce, toTag, nc: 2 })).status).toBe(200);
    expect((await send(bench, { nonce, callId: 'new', nc: 3 })).status).toBe(503);
  });
});

describe('what anybody can write into From and Contact', () => {
  test('does not end subscriptions of another user', async () => {
    await using bench = await open();
    expect((await authenticated(bench)).status).toBe(200);
    bench.edge.settle(200);
    for (let time = 0; time < 9; time += 1) {
      await authenticated(bench, { user: '1002', from: '1001', callId: `thief${time}` });
    }
    const victim = bench.edge.notifies.filter(({ slot }) => slot.record.identity === `1001@${REALM}`);
    expect(victim).toHaveLength(1);
  });

  test('does not draw NOTIFYs of another user to a new address', async () => {
    await using bench = await open();
    await authenticated(bench);
    const own = bench.edge.last.slot;
    const thief = { user: '1002', from: '1001', callId: 'thief' };
    const { toTag = '' } = await authenticated(bench, thief);
    await authenticated(bench, { ...thief, toTag, flow: { ...UDP, remotePort: 6666 } });
    expect(bench.edge.last.slot.record.flow.remotePort).toBe(6666);
    expect(own.record.flow.remotePort).toBe(5062);
  });

  test('is not who watches: watcher information names whom the digest proves (RFC 3857 §6)', async () => {
    await using bench = await open();
    await authenticated(bench, { user: '1002', from: '1003', to: '1001' });
    await authenticated(bench, { to: '1001', event: 'dialog.winfo' });
    const { body } = bench.edge.last;
    expect(body).toContain(`>sip:1002@${REALM}</watcher>`);
    expect(body).not.toContain('1003');
    expect(body).not.toContain('Boss');
  });

  test('is not who calls: a flow that asks for the caller gets whom the digest proves', async () => {
    await using bench = await open();
    const reject = { module: 'response', data: { code: 486 }, children: {} };
    const flow = { module: 'check_cid', data: { regex: '^1001$' }, children: { match: reject } };
    const saved = await bench.notifier.callflows.create(REALM, { name: 'x', numbers: ['*30'], flow });
    expect(saved.kind).toBe('saved');
    const call = { method: 'INVITE', to: '*30', from: '1001' };
    expect((await authenticated(bench, { ...call, callId: 'own' })).status).toBe(486);
    expect((await authenticated(bench, { ...call, user: '1002' })).status).toBe(480);
  });
});

describe('a mailbox (RFC 3842 §5)', () => {
  const MAIL = { event: 'message-summary', to: '1001' };

  test("is its own user's, though the realm sees each other's lamps", async () => {
    await using bench = await open();
    expect((await authenticated(bench, MAIL)).status).toBe(200);
    expect((await authenticated(bench, { ...MAIL, user: '1002' })).status).toBe(403);
    expect((await authenticated(bench, { ...MAIL, user: '1002', expires: 0 })).status).toBe(403);
    expect((await authenticated(bench, { user: '1002', to: '1001' })).status).toBe(200);
  });

  test.each([
    ['all', 200],
    ['lamp', 403],
    ['nothing', 403],
    ['refuse', 403],
  ] as const)('of another for whom a rule says `%s`: %i', async (see, status) => {
    await using bench = await open(ruled('1002', '1001', see));
    expect((await authenticated(bench, { ...MAIL, user: '1002' })).status).toBe(status);
  });
});

describe('a list', () => {
  async function withList(bench: NotifierBench, users: readonly string[], rev = 0): Promise<void> {
    const members = users.map((id) => ({ id }));
    await bench.notifier.lists.save({ realm: REALM, id: 'desk', name: '', members, rev });
    await settled();
  }
  const seen = ({ edge }: NotifierBench) =>
    readList(edge.last.contentType, edge.last.body).resources.map(({ uri }) => uri);

  test('has the members that its watcher may see, and shows no other (RFC 4662 §7.2)', async () => {
    await using bench = await open(ruled('1002', 'boss*', 'refuse'));
    await withList(bench, ['1001', 'boss']);
    await authenticated(bench, { to: 'desk', headers: LISTS });
    expect(seen(bench)).toEqual([`sip:1001@${REALM}`, `sip:boss@${REALM}`]);
    await authenticated(bench, {
      user: '1002',
      to: 'desk',
      headers: LISTS,
      flow: { ...UDP, transport: 'tcp' },
    });
    expect(seen(bench)).toEqual([`sip:1001@${REALM}`]);
    bench.edge.settle(200);
    await withList(bench, ['1001', 'boss', 'boss2', 'night'], 1);
    await bench.pass(3_000);
    const other = bench.edge.notifies.findLast(({ slot }) => slot.record.identity === `1002@${REALM}`);
    expect(other?.body).toContain('sip:night@');
    expect(other?.body).not.toContain('boss');
  });

  test('that a rule refuses is 403, before anything of it is said', async () => {
    await using bench = await open(ruled('1002', 'desk', 'refuse'));
    await withList(bench, ['1001']);
    expect((await authenticated(bench, { user: '1002', to: 'desk', headers: LISTS })).status).toBe(403);
    expect((await authenticated(bench, { user: '1002', to: 'desk' })).status).toBe(403);
  });
});
