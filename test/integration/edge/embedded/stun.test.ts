import { createSocket, type Socket } from 'node:dgram';
import { expect, test } from 'vitest';
import { WIDE_LIMITS } from '../../../support/embedded-edge.ts';
import { Mailbox } from '../../../support/mailbox.ts';
import { closeAfterTest, type Rig, startRig } from './rig.ts';

const COOKIE = '\x21\x12\xa4\x42';
const TRANSACTION = 'abcdefghijkl';
const REQUEST = `\x00\x01\x00\x00${COOKIE}${TRANSACTION}`;

interface Client {
  readonly socket: Socket;
  readonly heard: Mailbox<Buffer>;
  send(text: string): void;
}

async function openClient(rig: Rig): Promise<Client> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  closeAfterTest(() => new Promise((resolve) => socket.close(() => resolve())));
  const heard = new Mailbox<Buffer>('datagram');
  socket.on('message', (bytes) => heard.push(bytes));
  const { address, port } = rig.place('udp');
  return { socket, heard, send: (text) => socket.send(Buffer.from(text, 'latin1'), port, address) };
}

test('RFC 5626 §5.4: a Binding request on the SIP port is answered with the address it came from', async () => {
  const rig = await startRig();
  const client = await openClient(rig);
  client.send(REQUEST);
  const answer = await client.heard.next();
  expect(answer.toString('latin1', 0, 8)).toBe(`\x01\x01\x00\x0c${COOKIE}`);
  expect(answer.readUInt16BE(26) ^ 0x2112).toBe(client.socket.address().port);
  expect(answer.readUInt32BE(28) ^ 0x2112a442).toBe(0x7f000001);
  expect(rig.counts.get('stun')).toBe(1);
});

test('STUN from outside the trusted networks is not answered', async () => {
  const rig = await startRig({ trusts: () => false });
  const client = await openClient(rig);
  client.send(REQUEST);
  await expect.poll(() => rig.counts.get('untrusted')).toBe(1);
  await client.heard.silent(50);
});

test('malformed STUN is dropped and counted, and SIP goes on', async () => {
  const rig = await startRig();
  const client = await openClient(rig);
  client.send(`${REQUEST}x`);
  await expect.poll(() => rig.counts.get('malformed')).toBe(1);
  await client.heard.silent(20);
  await rig.subscribe(await rig.phone({ transport: 'udp' }));
});

test('a source over its rate gets no more answers', async () => {
  const rig = await startRig({ limits: { ...WIDE_LIMITS, requestsPerSecond: 1, requestBurst: 3 } });
  const client = await openClient(rig);
  for (let count = 0; count < 20; count += 1) client.send(REQUEST);
  await expect.poll(() => rig.counts.get('rate_limited')).toBe(17);
  expect(client.heard.all).toHaveLength(3);
});
