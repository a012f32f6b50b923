import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { responseTo } from '../../../src/cli/watch/watch-dialog.ts';
import { headerOf, type SipRequest } from '../../../src/sip/message.ts';
import { parseMessage } from '../../../src/sip/parse.ts';
import { serialize } from '../../../src/sip/serialize.ts';
import { ran } from './fixture.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

/** A SIP server of one answer: every SUBSCRIBE is handed to `answer`, which gives the messages to send back. */
async function server(answer: (request: SipRequest) => readonly string[]) {
  const socket = createSocket('udp4');
  sockets.push(socket);
  const heard: SipRequest[] = [];
  let confirmations = 0;
  socket.on('message', (datagram, { port, address }) => {
    const result = parseMessage(datagram.toString('latin1'));
    if (result.kind === 'fault') return;
    if (result.message.kind === 'response') {
      confirmations += 1;
      return;
    }
    heard.push(result.message);
    for (const text of answer(result.message)) socket.send(Buffer.from(text, 'latin1'), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { heard, confirmed: () => confirmations, port: String(socket.address().port) };
}

function accepted(request: SipRequest): string {
  const { headers, ...response } = responseTo(request, 200);
  const tagged = headers.map((value, index) =>
    headers[index - 1] === 'to' && !value.includes('tag=') ? `${value};tag=s` : value,
  );
  return serialize({
    ...response,
    headers: [...tagged, 'contact', '<sip:127.0.0.1>', 'expires', headerOf(request, 'expires') ?? ''],
  });
}

function notify(request: SipRequest, state: string): string {
  const last = headerOf(request, 'expires') === '0';
  const number = headerOf(request, 'cseq')?.split(' ')[0];
  const headers = [
    ...['via', 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKn', 'from', `${headerOf(request, 'to')};tag=s`],
    ...[
      'to',
      headerOf(request, 'from') ?? '',
      'call-id',
      headerOf(request, 'call-id') ?? '',
      'cseq',
      `${number} NOTIFY`,
    ],
    ...[
      'subscription-state',
      last ? 'terminated;reason=timeout' : 'active;expires=600',
      'contact',
      '<sip:127.0.0.1>',
    ],
  ];
  const body = `<dialog-info><dialog id="d"><state>${state}</state></dialog></dialog-info>`;
  return serialize({ kind: 'request', method: 'NOTIFY', uri: 'sip:watch@127.0.0.1', headers, body });
}

test('watch subscribes over UDP, prints the lamp with the time, and unsubscribes at the end', async () => {
  const { heard, confirmed, port } = await server((request) => [
    accepted(request),
    notify(request, 'confirmed'),
  ]);
  const ended = new AbortController();
  const done = ran(['watch', '#30', '--port', port], {}, ended.signal);
  await vi.waitFor(() => expect(confirmed()).toBe(1));
  expect(heard[0]?.uri).toBe(`sip:%2330@127.0.0.1:${port}`);
  ended.abort();
  const { code, out, err } = await done;
  expect([code, err]).toEqual([0, []]);
  expect(out).toHaveLength(1);
  expect(out[0]).toMatch(/^\d\d:\d\d:\d\d {2}#30 {2}● busy$/);
  expect(headerOf(heard.at(-1) as SipRequest, 'expires')).toBe('0');
});

test('watch puts a realm into the URI', async () => {
  const { heard, port } = await server((request) => [accepted(request), notify(request, 'early')]);
  const ended = new AbortController();
  const done = ran(
    ['watch', '1001@acme.example', '1002', '--realm', 'b.example', '--port', port],
    {},
    ended.signal,
  );
  await vi.waitFor(() => expect(heard).toHaveLength(2));
  expect(heard.map((one) => one.uri)).toEqual(['sip:1001@acme.example', 'sip:1002@b.example']);
  ended.abort();
  expect((await done).code).toBe(0);
});

test('watch says why it was refused: exit code 1 and one line', async () => {
  const { port } = await server((request) => [serialize(responseTo(request, 404))]);
  expect(await ran(['watch', '1001', '--port', port])).toEqual({
    code: 1,
    out: [],
    err: ['Cannot watch 1001: the server answered 404 Not Found'],
  });
});

test('watch says at once that nobody listens', async () => {
  const { port } = await server(() => []);
  const closed = sockets.pop();
  closed?.close();
  const { code, err } = await ran(['watch', '1001', '1002', '--port', port]);
  expect(code).toBe(1);
  expect(err).toEqual([
    `Cannot reach 127.0.0.1 port ${port} over UDP: nobody listens there, start it with "lamplighter serve" or use --server`,
  ]);
});

test.each([
  [['watch'], 'Cannot watch nothing: call it as "lamplighter watch ID..."'],
  [['watch', '1', '--expires', '0'], 'Cannot use --expires "0": it must be a whole number of seconds'],
  [
    ['watch', '1', '--port', 'x'],
    'Cannot use server "127.0.0.1:x": --server must be a host or host:port, --port a port',
  ],
])('%j is called wrongly', async (args, line) => {
  expect(await ran(args)).toEqual({ code: 2, out: [], err: [line] });
});
