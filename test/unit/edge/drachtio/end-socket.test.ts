import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { endSocket } from '../../../../src/edge/drachtio/end-socket.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const opened: AsyncDisposableStack[] = [];
afterEach(async () => {
  for (const stack of opened.splice(0)) await stack.disposeAsync();
});

/** Both ends of a connection; that of the peer closes its side when the other has, if `closes`. */
async function openPair(closes: boolean): Promise<readonly [Socket, Socket]> {
  const stack = new AsyncDisposableStack();
  opened.push(stack);
  const server = createServer({ allowHalfOpen: !closes });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => void server.close());
  const address = server.address();
  const accepted = once(server, 'connection');
  const socket = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
  const [peer] = (await accepted) as [Socket];
  for (const one of [socket, peer]) stack.defer(() => void one.destroy());
  return [socket, peer];
}

test('what was written reaches the peer before the end', async () => {
  const [socket, peer] = await openPair(true);
  let heard = '';
  peer.on('data', (octets) => {
    heard += octets.toString('latin1');
  });
  const ended = once(peer, 'end');
  socket.write('the last word');
  await endSocket(socket, new ManualClock());
  await ended;
  expect([heard, socket.destroyed]).toEqual(['the last word', true]);
});

test('a peer that does not close its side is left after 1 s', async () => {
  const [socket, peer] = await openPair(false);
  const clock = new ManualClock();
  const peerEnd = once(peer.resume(), 'end');
  const ended = endSocket(socket, clock);
  await peerEnd;
  await clock.advance(999);
  expect(socket.destroyed).toBe(false);
  await clock.advance(1);
  await ended;
  expect(socket.destroyed).toBe(true);
});

test('a socket that is closed, or was never there, takes no time', async () => {
  const [socket] = await openPair(true);
  await endSocket(socket, new ManualClock());
  await endSocket(socket, new ManualClock());
  await endSocket(null, new ManualClock());
});
