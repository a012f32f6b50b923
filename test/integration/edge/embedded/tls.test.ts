import { connect } from 'node:net';
import { createSecureContext, connect as tlsConnect } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { headerOf } from '../../../../src/sip/message.ts';
import { parseVia } from '../../../../src/sip/via.ts';
import { makeCertificate } from '../../../support/certificate.ts';
import { WIDE_LIMITS, withTls } from '../../../support/embedded-edge.ts';
import { type Rig, startRig, subscribeOnceAndListen } from './rig.ts';

const BODY = '<dialog-info/>';
const SIPS = 'sips:1001@example.com';

/** The name in the certificate that a new connection is shown. */
async function shownName(rig: Rig): Promise<string> {
  const socket = tlsConnect({ ...hostOf(rig), rejectUnauthorized: false });
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

function hostOf(rig: Rig): { host: string; port: number } {
  const { address, port } = rig.place('tls');
  return { host: address, port };
}

describe.each([
  ['tls', 'TLS', /^sip:127\.0\.0\.1:\d+;transport=tls$/, /^sips:127\.0\.0\.1:\d+$/],
  ['wss', 'WSS', /^sip:127\.0\.0\.1:\d+;transport=ws$/, /^sips:127\.0\.0\.1:\d+;transport=ws$/],
] as const)('over %s', (transport, via, contact, secureContact) => {
  test('Via and Contact name the transport, and NOTIFYs come on the same connection', async () => {
    const rig = await startRig(await withTls());
    const phone = await rig.phone({ transport });
    const [subscription, heard] = await rig.subscribe(phone);
    expect(subscription.record.flow.transport).toBe(transport);
    expect(heard.remoteTarget).toMatch(contact);
    rig.app.notify(subscription, BODY);
    const notify = await heard.nextNotify();
    expect(parseVia(headerOf(notify, 'via') ?? '')?.transport).toBe(via);
    expect((await rig.app.settlements.next()).result).toMatchObject({ kind: 'answered', status: 200 });
  });

  test('RFC 3261 §12.1.1: a SUBSCRIBE to SIPS is answered with a SIPS Contact', async () => {
    const rig = await startRig(await withTls());
    const phone = await rig.phone({ transport });
    const answer = phone.subscribe(SIPS);
    rig.app.accept(await rig.app.requests.next());
    expect((await answer).remoteTarget).toMatch(secureContact);
  });
});

test.each(['udp', 'tcp', 'ws'] as const)(
  'RFC 3261 §26.2.2: SIPS over %s is refused with 416, by INVITE too',
  async (transport) => {
    const rig = await startRig(await withTls());
    const phone = await rig.phone({ transport });
    expect((await phone.subscribe(SIPS)).status).toBe(416);
    expect((await phone.request({ method: 'INVITE', uri: SIPS })).status).toBe(416);
    await rig.app.requests.silent(20);
  },
);

describe('a phone whose connection is closed', () => {
  test('is connected to with TLS where its Contact says so, and the connection is kept', async () => {
    const rig = await startRig(await withTls());
    const { subscription, listener } = await subscribeOnceAndListen(rig, 'tls', await withTls());
    for (let count = 0; count < 2; count += 1) {
      rig.app.notify(subscription, BODY);
      expect((await rig.app.settlements.next()).result).toMatchObject({ kind: 'answered', status: 200 });
    }
    const flows = listener.app.requests.all.map(({ flow }) => `${flow.transport} ${flow.remotePort}`);
    expect(new Set(flows).size).toBe(1);
    expect(flows[0]).toMatch(/^tls /);
  });

  test('is not reached when its certificate must be verified and cannot be', async () => {
    const side = await withTls();
    const rig = await startRig({ ...side, tls: side.tls && { ...side.tls, verify: true } });
    const listener = await startRig(side);
    const contact = `sips:1009@127.0.0.1:${listener.place('tls').port}`;
    const phone = await rig.phone({ transport: 'udp', contact });
    const [subscription] = await rig.subscribe(phone);
    rig.app.notify(subscription, BODY);
    expect((await rig.app.settlements.next()).result).toEqual({ kind: 'unreachable' });
    await listener.app.requests.silent(20);
  });
});

test('a new certificate is shown to new connections, and the open ones stay', async () => {
  const contexts = await Promise.all(
    ['old.example.com', 'new.example.com'].map((name) => makeCertificate(name)),
  );
  const [before, after] = contexts.map(({ cert, key }) => createSecureContext({ cert, key }));
  let current = before;
  const tls = { context: () => current ?? expect.fail('no context'), verify: false };
  const rig = await startRig({ tls, tlsPort: 0 });
  const [subscription, heard] = await rig.subscribe(await rig.phone({ transport: 'tls' }));
  expect(await shownName(rig)).toBe('old.example.com');
  current = after;
  expect(await shownName(rig)).toBe('new.example.com');
  rig.app.notify(subscription, BODY);
  await heard.nextNotify();
});

test.each(['tls', 'wss'] as const)(
  'what is no handshake of TLS on the port of %s is closed and counted',
  async (transport) => {
    const rig = await startRig(await withTls());
    const socket = connect(rig.place(transport).port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('SUBSCRIBE sip:1001@example.com SIP/2.0\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(rig.counts.get('tls_handshake_failed')).toBe(1);
    await rig.subscribe(await rig.phone({ transport }));
  },
);

test.each(['tls', 'wss'] as const)(
  'a handshake on the port of %s that is never finished is closed in time',
  async (transport) => {
    const rig = await startRig({ ...(await withTls()), limits: { ...WIDE_LIMITS, messageMs: 50 } });
    const socket = connect(rig.place(transport).port, '127.0.0.1');
    socket.on('error', () => {});
    // The first octets of a ClientHello.
    socket.write(Buffer.from('160301', 'hex'));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(rig.counts.get('stream_slow')).toBe(1);
  },
);
