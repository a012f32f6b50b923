import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Subscriber, UserAgent } from 'sip.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { makeCertificate, type TestCertificate } from '../support/certificate.ts';
import { debianProgram } from '../support/debian-program.ts';
import { readNotify } from '../support/lamp-document.ts';
import {
  freshSettings,
  type LamplighterProcess,
  runLamplighter,
  type Settings,
  startLamplighter,
} from '../support/lamplighter-process.ts';
import { Mailbox } from '../support/mailbox.ts';
import { openPhone, randomToken } from '../support/phone.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lamplighter-tls-e2e-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Files of a certificate, and the settings that name them. */
async function certificateFiles(): Promise<{
  settings: Settings;
  write: (next: TestCertificate) => Promise<void>;
}> {
  const [cert, key] = [join(dir, `${randomToken()}.pem`), join(dir, `${randomToken()}.key`)];
  const write = async (next: TestCertificate): Promise<void> => {
    await writeFile(cert, next.cert);
    await writeFile(key, next.key);
  };
  return { settings: { LAMPLIGHTER_SIP_TLS_CERTIFICATE: cert, LAMPLIGHTER_SIP_TLS_KEY: key }, write };
}

async function startWithTls(name = 'localhost') {
  const files = await certificateFiles();
  const certificate = await makeCertificate(name);
  await files.write(certificate);
  return { ...files, certificate, lamplighter: await startLamplighter(files.settings) };
}

/** The name in the certificate that a new connection is shown. */
async function shownName(lamplighter: LamplighterProcess): Promise<string> {
  const { address, port } = lamplighter.place('tls');
  const socket = connect({ host: address, port, rejectUnauthorized: false });
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

describe.each(['tls', 'wss'] as const)('over %s', (transport) => {
  test('a lamp goes from idle to busy and back', async () => {
    const { lamplighter } = await startWithTls();
    await using _ = lamplighter;
    const phone = await openPhone({ transport, server: lamplighter.place(transport) });
    const id = `lamp-${randomToken()}`;
    const subscription = await phone.subscribe(`sips:${id}@127.0.0.1`);
    expect(readNotify(await subscription.nextNotify()).lamp).toBe('terminated');
    await lamplighter.set(id, 'busy');
    expect(readNotify(await subscription.nextNotify()).lamp).toBe('confirmed');
    await lamplighter.set(id, 'idle');
    expect(readNotify(await subscription.nextNotify()).lamp).toBe('terminated');
    await phone.close();
  });
});

test('two instances stand side by side, each with its own ports', async () => {
  const [one, two] = await Promise.all([startWithTls('one.example'), startWithTls('two.example')]);
  await using _one = one.lamplighter;
  await using _two = two.lamplighter;
  expect(await shownName(one.lamplighter)).toBe('one.example');
  expect(await shownName(two.lamplighter)).toBe('two.example');
});

test('a new certificate is taken without a restart: from its files, or at SIGHUP; a bad one is not', async () => {
  const { lamplighter, write, settings } = await startWithTls('first.example');
  await using _ = lamplighter;
  const phone = await openPhone({ transport: 'tls', server: lamplighter.place('tls') });
  const id = `lamp-${randomToken()}`;
  const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`);
  await subscription.nextNotify();

  await write(await makeCertificate('second.example'));
  await vi.waitFor(async () => expect(await shownName(lamplighter)).toBe('second.example'), PATIENCE);
  await writeFile(settings.LAMPLIGHTER_SIP_TLS_CERTIFICATE ?? '', 'no certificate');
  lamplighter.hangUp();
  await vi.waitFor(() => expect(lamplighter.lines.join('\n')).toContain('the old one is kept'), PATIENCE);
  expect(await shownName(lamplighter)).toBe('second.example');
  await write(await makeCertificate('third.example'));
  lamplighter.hangUp();
  await vi.waitFor(async () => expect(await shownName(lamplighter)).toBe('third.example'), PATIENCE);

  await lamplighter.set(id, 'busy');
  expect(readNotify(await subscription.nextNotify()).lamp).toBe('confirmed');
  await phone.close();
  expect(await lamplighter.stop()).toBe(0);
});

test('a certificate that cannot be used ends the start with one line', async () => {
  const { settings, write } = await certificateFiles();
  const [one, other] = [await makeCertificate(), await makeCertificate()];
  await write({ cert: one.cert, key: other.key });
  const dataDir = join(dir, randomToken());
  const { code, lines } = await runLamplighter({
    ...freshSettings(),
    ...settings,
    LAMPLIGHTER_DATA_DIR: dataDir,
  });
  expect(code).toBe(1);
  expect(lines).toEqual([expect.stringMatching(/sip\.tlsCertificate.*sip\.tlsKey.*CONFIG_INVALID/)]);
});

describe('real clients', () => {
  test('openssl s_client verifies the certificate, and its OPTIONS is answered', async () => {
    const { lamplighter, certificate } = await startWithTls();
    await using _ = lamplighter;
    const root = join(dir, `${randomToken()}.pem`);
    await writeFile(root, certificate.cert);
    const { address, port } = lamplighter.place('tls');
    const args = [
      's_client',
      '-quiet',
      '-connect',
      `${address}:${port}`,
      '-CAfile',
      root,
      '-verify_return_error',
    ];
    const client = spawn(await debianProgram('openssl', 'openssl'), args, {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let said = '';
    client.stdout.setEncoding('latin1').on('data', (text: string) => {
      said += text;
    });
    client.stdin.write(
      [
        'OPTIONS sips:127.0.0.1 SIP/2.0',
        'Via: SIP/2.0/TLS 127.0.0.1:5061;branch=z9hG4bKs_client',
        'Max-Forwards: 70',
        'From: <sips:a@127.0.0.1>;tag=1',
        'To: <sips:127.0.0.1>',
        'Call-ID: s_client',
        'CSeq: 1 OPTIONS',
        'Content-Length: 0',
        '\r\n',
      ].join('\r\n'),
    );
    await vi.waitFor(() => expect(said).toMatch(/^SIP\/2\.0 200 OK\r\nVia: SIP\/2\.0\/TLS /i), PATIENCE);
    const ended = new Promise((resolve) => client.once('exit', resolve));
    client.kill();
    await ended;
  });

  test('sip.js over WSS verifies the certificate and sees a lamp', async () => {
    const { lamplighter, certificate } = await startWithTls();
    await using _ = lamplighter;
    const roots = getCACertificates('default');
    setDefaultCACertificates([...roots, certificate.cert]);
    const { port } = lamplighter.place('wss');
    const uriOf = (user: string) => UserAgent.makeURI(`sip:${user}@127.0.0.1`) ?? expect.fail('no URI');
    const agent = new UserAgent({
      uri: uriOf('web'),
      transportOptions: { server: `wss://127.0.0.1:${port}` },
      logBuiltinEnabled: false,
      gracefulShutdown: false,
    });
    await agent.start();
    setDefaultCACertificates(roots);
    const bodies = new Mailbox<string>('NOTIFY');
    const id = `lamp-${randomToken()}`;
    const subscriber = new Subscriber(agent, uriOf(id), 'dialog', {
      delegate: {
        onNotify: (notification) => {
          bodies.push(notification.request.body);
          void notification.accept();
        },
      },
    });
    await subscriber.subscribe();
    expect(await bodies.next()).toContain('<state>terminated</state>');
    await lamplighter.set(id, 'busy');
    expect(await bodies.next()).toContain('<state>confirmed</state>');
    await agent.stop();
  });

  test('baresip over TLS shows its contact as Busy and Online', async () => {
    const { lamplighter } = await startWithTls();
    await using _ = lamplighter;
    const id = `lamp-${randomToken()}`;
    const path = `/v1/realms/default/presence/${id}/watchers`;
    await using baresip = await Baresip.open(lamplighter.place('tls'), id, 'tls');
    await vi.waitFor(async () => {
      const { body } = await lamplighter.api('GET', path);
      expect(body).toMatchObject({ items: [{ transport: 'tls', confirmedRev: 0 }] });
    }, PATIENCE);
    await lamplighter.set(id, 'busy');
    await baresip.shows('Busy');
    await lamplighter.set(id, 'idle');
    await baresip.shows('Online');
  });
});
