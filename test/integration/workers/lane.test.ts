import { createSocket } from 'node:dgram';
import { describe, expect, test } from 'vitest';
import type { PassedOn } from '../../../src/ports/siblings.ts';
import { type Lane, openLane } from '../../../src/workers/lane.ts';
import { Mailbox } from '../../support/mailbox.ts';

const SECRET = Buffer.from('0123456789abcdef', 'latin1');
const FLOW = {
  transport: 'udp',
  remoteAddress: '192.0.2.7',
  remotePort: 5062,
  localAddress: '::1',
  localPort: 5060,
} as const;

interface End extends AsyncDisposable {
  readonly lane: Lane;
  readonly heard: Mailbox<PassedOn>;
}

async function openEnd(worker: number): Promise<End> {
  const lane = await openLane({ worker, secret: SECRET });
  const heard = new Mailbox<PassedOn>('datagram');
  lane.receive((datagram) => heard.push(datagram));
  return { lane, heard, [Symbol.asyncDispose]: () => lane.close() };
}

async function openBoth(): Promise<{ one: End; other: End } & AsyncDisposable> {
  const [one, other] = [await openEnd(1), await openEnd(2)];
  const ports = new Map([one, other].map(({ lane }) => [lane.worker, lane.port]));
  for (const { lane } of [one, other]) lane.learn(ports);
  const close = async () => void (await Promise.all([one.lane.close(), other.lane.close()]));
  return { one, other, [Symbol.asyncDispose]: close };
}

describe('the lane between workers', () => {
  test('carries every octet of a request, and where it came from', async () => {
    await using both = await openBoth();
    const text = `INVITE\r\n\n${Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('')}`;
    expect(both.one.lane.passOn(2, { text, flow: FLOW })).toBe(true);
    expect(await both.other.heard.next()).toEqual({ text, flow: FLOW });
    expect(both.other.lane.passOn(1, { text: 'SIP/2.0 200 OK\r\n', flow: null })).toBe(true);
    expect(await both.one.heard.next()).toEqual({ text: 'SIP/2.0 200 OK\r\n', flow: null });
  });

  test('leads to nobody when the worker is gone, and takes nothing that is too long for it', async () => {
    await using both = await openBoth();
    expect(both.one.lane.passOn(3, { text: 'x', flow: null })).toBe(false);
    expect(both.one.lane.passOn(2, { text: 'x'.repeat(65_500), flow: null })).toBe(false);
    expect(both.one.lane.passOn(2, { text: 'x'.repeat(65_000), flow: null })).toBe(true);
    expect((await both.other.heard.next()).text).toHaveLength(65_000);
  });

  test('takes nothing from another process of this machine', async () => {
    await using both = await openBoth();
    const stranger = createSocket('udp4');
    const { port } = both.one.lane;
    for (const forged of [`${'x'.repeat(16)}null\nSIP/2.0 200 OK`, '', '0123456789abcdef']) {
      await new Promise((resolve) => stranger.send(forged, port, '127.0.0.1', resolve));
    }
    stranger.close();
    both.other.lane.passOn(1, { text: 'ours', flow: null });
    expect((await both.one.heard.next()).text).toBe('ours');
  });
});
