import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { EdgeLimits } from '../../../../src/edge/embedded/limits.ts';
import { headerOf } from '../../../../src/sip/message.ts';
import { WIDE_LIMITS } from '../../../support/embedded-edge.ts';
import type { Phone } from '../../../support/phone.ts';
import { closeAfterTest, RESOURCE, type Rig, startRig } from './rig.ts';

const BODY = '<dialog-info/>';

function rigWith(limits: Partial<EdgeLimits>): Promise<Rig> {
  return startRig({ limits: { ...WIDE_LIMITS, ...limits } });
}

/** A connection without a phone behind it, and when it is closed. */
function rawSocket(rig: Rig, transport: 'tcp' | 'ws' = 'tcp'): { socket: Socket; closed: Promise<unknown> } {
  const socket = connect(rig.place(transport).port, '127.0.0.1');
  socket.on('error', () => {});
  closeAfterTest(async () => void socket.destroy());
  return { socket, closed: new Promise((resolve) => socket.once('close', resolve)) };
}

function subscribeText(phone: Phone): string {
  return phone.write({ method: 'SUBSCRIBE', uri: RESOURCE, headers: ['event', 'dialog'] });
}

/** Somebody else is served as ever. */
async function expectServed(rig: Rig): Promise<void> {
  const [subscription, heard] = await rig.subscribe(await rig.phone({ transport: 'tcp' }));
  rig.app.notify(subscription, BODY);
  expect((await heard.nextNotify()).body).toBe(BODY);
}

describe('a message that is never whole ends its connection', () => {
  test.each([
    ['nothing at all', ''],
    ['half a head', 'SUBSCRIBE sip:1001@example.com SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1'],
    ['less body than Content-Length says', 'OPTIONS sip:a SIP/2.0\r\nContent-Length: 9000\r\n\r\nshort'],
  ])('%s', async (_, text) => {
    const rig = await rigWith({ messageMs: 100 });
    const { socket, closed } = rawSocket(rig);
    socket.write(text);
    await closed;
    expect(rig.counts.get('stream_slow')).toBe(1);
    expect(rig.lines).toContain('A connection on which a message was never whole is closed');
    await expectServed(rig);
  });

  test('slow-loris: octet by octet', async () => {
    const rig = await rigWith({ messageMs: 100 });
    const { socket, closed } = rawSocket(rig);
    const drip = setInterval(() => socket.write('x'), 5);
    await closed;
    clearInterval(drip);
    expect(rig.counts.get('stream_slow')).toBe(1);
  });

  test('half a message behind a whole one', async () => {
    const rig = await rigWith({ messageMs: 100 });
    const phone = await rig.phone({ transport: 'tcp' });
    await rig.subscribe(phone);
    phone.send('SUBSCRIBE sip:');
    await phone.closed.next();
    expect(rig.counts.get('stream_slow')).toBe(1);
  });
});

test('a phone that has said something may be silent for longer than a message may take', async () => {
  const rig = await rigWith({ messageMs: 50 });
  const phone = await rig.phone({ transport: 'tcp' });
  const [subscription, heard] = await rig.subscribe(phone);
  await pause(200);
  rig.app.notify(subscription, BODY);
  await heard.nextNotify();
});

describe('a connection on which nothing is heard', () => {
  test('is closed, and the application is told', async () => {
    const rig = await rigWith({ idleMs: 100 });
    const phone = await rig.phone({ transport: 'tcp' });
    const [subscription] = await rig.subscribe(phone);
    expect(await rig.app.closings.next()).toEqual(subscription.record.flow);
    expect(rig.counts.get('stream_idle')).toBe(1);
  });

  test('RFC 5626 §3.5.1: lives as long as its keep-alives come', async () => {
    // Twice as long as it may be silent, and a machine that halts for a second is no silence.
    const rig = await rigWith({ idleMs: 1_500 });
    const phone = await rig.phone({ transport: 'tcp' });
    await rig.subscribe(phone);
    for (let count = 0; count < 12; count += 1) {
      phone.send('\r\n\r\n');
      await phone.keepAlives.next();
      await pause(250);
    }
    expect(rig.counts.get('stream_idle')).toBeUndefined();
    expect(phone.closed.all).toHaveLength(0);
  });
});

describe('a WebSocket', () => {
  test('that is never opened is closed', async () => {
    const rig = await rigWith({ messageMs: 100 });
    const { socket, closed } = rawSocket(rig, 'ws');
    socket.write('GET / HTTP/1.1\r\nHost: 127');
    await closed;
    expect(rig.counts.get('stream_slow')).toBe(1);
  });

  test('RFC 6455 §5.5.2: that answers pings stays open', async () => {
    const rig = await rigWith({ pingMs: 40 });
    const phone = await rig.phone({ transport: 'ws' });
    const [subscription, heard] = await rig.subscribe(phone);
    await pause(400);
    expect(rig.counts.get('stream_idle')).toBeUndefined();
    rig.app.notify(subscription, BODY);
    await heard.nextNotify();
  });

  test('that answers no ping is closed', async () => {
    const rig = await rigWith({ pingMs: 40 });
    const socket = new WebSocket(`ws://127.0.0.1:${rig.place('ws').port}/`, 'sip', { autoPong: false });
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('close', resolve));
    expect(rig.counts.get('stream_idle')).toBe(1);
  });

  test('that sends a frame longer than any message may be is closed', async () => {
    const rig = await startRig({ maxMessageBytes: 2_000 });
    const phone = await rig.phone({ transport: 'ws' });
    phone.send('x'.repeat(3_000));
    await phone.closed.next();
    expect(rig.counts.get('stream_error')).toBe(1);
  });
});

test('a megabyte of header fields closes the connection long before it is read', async () => {
  const rig = await startRig();
  const { socket, closed } = rawSocket(rig);
  socket.write('SUBSCRIBE sip:1001@example.com SIP/2.0\r\n');
  const line = `X-Filler: ${'x'.repeat(1_000)}\r\n`;
  for (let count = 0; count < 1_000; count += 1) socket.write(line);
  await closed;
  expect(socket.bytesWritten).toBeGreaterThan(0);
  expect(rig.counts.get('malformed')).toBe(1);
  await expectServed(rig);
});

describe('connections', () => {
  test('beyond what one source may have are closed and counted', async () => {
    const rig = await rigWith({ connectionsPerSource: 2 });
    const kept = [await rig.phone({ transport: 'tcp' }), await rig.phone({ transport: 'tcp' })];
    for (const phone of kept) await rig.subscribe(phone);
    await rawSocket(rig).closed;
    expect(rig.counts.get('stream_refused')).toBe(1);
    expect(rig.lines).toEqual(['More connections than there may be are closed']);
    await kept[0]?.close();
    await rig.app.closings.next();
    await rig.subscribe(await rig.phone({ transport: 'tcp' }));
  });

  test('20,000 attempts in a row leave memory as it was', { timeout: 120_000 }, async () => {
    const rig = await rigWith({
      connectionsPerSource: 8,
      requestsPerSecond: 1_000_000,
      requestBurst: 1_000_000,
    });
    await attempts(rig, 4_000);
    const before = heapMegabytes();
    await attempts(rig, 20_000);
    expect(heapMegabytes() - before).toBeLessThan(8);
    await expectServed(rig);
  });
});

/** Opens so many connections, 16 at a time, and waits until each is closed. */
async function attempts(rig: Rig, count: number): Promise<void> {
  const { port } = rig.place('tcp');
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      // Reset, so that no port of this machine waits for late segments.
      socket.on('connect', () => socket.resetAndDestroy());
      socket.on('error', () => {});
      socket.on('close', () => resolve());
    });
  const lane = async (): Promise<void> => {
    for (let left = count / 16; left > 0; left -= 1) await one();
  };
  await Promise.all(Array.from({ length: 16 }, lane));
}

function heapMegabytes(): number {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  // Without it the figure is what happens not to have been collected yet.
  if (typeof gc === 'function') gc();
  else expect.fail('no gc');
  return process.memoryUsage().heapUsed / 2 ** 20;
}

describe('a source over its rate', () => {
  const slow = { requestsPerSecond: 1, requestBurst: 5 };

  test('is not answered on UDP, where it may be somebody else, and is counted', async () => {
    const rig = await rigWith(slow);
    rig.app.onRequest = (request) => void rig.app.accept(request);
    const phone = await rig.phone({ transport: 'udp' });
    for (let count = 0; count < 50; count += 1) phone.send(subscribeText(phone));
    await expect.poll(() => rig.counts.get('rate_limited')).toBe(45);
    expect(rig.app.requests.all).toHaveLength(5);
    expect(phone.responses.all.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect(rig.lines).toEqual(['More requests than one source may send are dropped']);
  });

  test.each(['tcp', 'ws'] as const)(
    'RFC 3261 §21.5.4: is told 503 with Retry-After over %s',
    async (transport) => {
      const rig = await rigWith({ ...slow, requestBurst: 1 });
      const phone = await rig.phone({ transport });
      const { response } = await phone.subscribe(RESOURCE);
      expect(response?.status).toBe(503);
      expect(response && headerOf(response, 'retry-after')).toMatch(/^\d+$/);
      await rig.app.requests.silent(20);
    },
  );

  test('is not told 503 for each: answers cost as much as requests', async () => {
    const rig = await rigWith(slow);
    const phone = await rig.phone({ transport: 'tcp' });
    for (let count = 0; count < 50; count += 1) phone.send(subscribeText(phone));
    await expect.poll(() => rig.counts.get('rate_limited')).toBe(46);
    await phone.responses.until(({ status }) => status === 503);
    expect(phone.responses.all.length).toBeLessThan(10);
  });

  test('still has its answers to NOTIFYs heard', async () => {
    const rig = await rigWith({ ...slow, requestBurst: 2 });
    const phone = await rig.phone({ transport: 'udp' });
    const [subscription] = await rig.subscribe(phone);
    for (let count = 0; count < 50; count += 1) {
      rig.app.notify(subscription, BODY);
      expect((await rig.app.settlements.next()).result).toMatchObject({ kind: 'answered', status: 200 });
    }
  });

  test('opens no more connections either', async () => {
    const rig = await rigWith({ ...slow, requestBurst: 1 });
    rawSocket(rig);
    await rawSocket(rig).closed;
    expect(rig.counts.get('rate_limited')).toBe(1);
  });
});

test.each(['udp', 'tcp', 'ws'] as const)(
  'RFC 3261 §8.1.1.7: a request without a usable Via over %s is dropped, counted and said once',
  async (transport) => {
    const rig = await startRig();
    const phone = await rig.phone({ transport });
    const text = subscribeText(phone);
    phone.send(text.replace(/^Via: .*\r\n/im, ''));
    phone.send(text.replace(/^Via: .*\r\n/im, 'Via: nonsense\r\n'));
    await expect.poll(() => rig.counts.get('malformed')).toBe(2);
    await rig.app.requests.silent(20);
    await phone.responses.silent(20);
    expect(rig.lines).toEqual(['What is no SIP message is dropped']);
  },
);
