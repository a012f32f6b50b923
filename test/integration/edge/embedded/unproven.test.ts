import { afterEach, describe, expect, test } from 'vitest';
import type { IncomingRequest } from '../../../../src/ports/edge.ts';
import { makeTestEdge } from '../../../support/embedded-edge.ts';
import { Mailbox } from '../../../support/mailbox.ts';
import { openWire, type Wire } from '../../../support/phone-wire.ts';

const CHALLENGES = ['www-authenticate', `Digest a="${'x'.repeat(80)}"`, 'www-authenticate', 'Digest b="y"'];

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** An edge that believes no datagram, whose application answers each request with 401, and a phone. */
async function open() {
  const { edge, counts, place } = makeTestEdge({ believes: () => false });
  const ignore = () => {};
  await edge.start({
    request: (request: IncomingRequest) =>
      edge.respond(request, { status: 401, headers: CHALLENGES, unproven: true }),
    cancelled: ignore,
    settled: ignore,
    numbered: ignore,
    closed: ignore,
    restored: ignore,
    alive: ignore,
  });
  closing.push(() => edge.stop());
  const heard = new Mailbox<string>('answer');
  const wire = await openWire({
    transport: 'udp',
    server: place('udp'),
    heard: (text) => heard.push(text),
    closed: ignore,
  });
  closing.push(() => wire.close());
  return { wire, heard, counts };
}

function requestText(wire: Wire, method: string, padding: number): string {
  const { address, port } = wire.local;
  return [
    `${method} sip:1@a.example SIP/2.0`,
    `Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bK1;rport`,
    'From: <sip:2@a.example>;tag=f',
    'To: <sip:1@a.example>',
    'Call-ID: c',
    `CSeq: 1 ${method}`,
    `Contact: <sip:2@${address}:${port}>`,
    ...(padding > 0 ? [`X-Padding: ${'.'.repeat(padding)}`] : []),
    '',
    '',
  ].join('\r\n');
}

describe.each(['SUBSCRIBE', 'INVITE'])('an unproven %s', (method) => {
  test.each([
    ['all challenges', 300, 2],
    ['the last challenge', 100, 1],
  ])('that has room for it is answered with %s, once, in no more octets', async (_, padding, count) => {
    const { wire, heard } = await open();
    const text = requestText(wire, method, padding);
    wire.send(text);
    const answer = await heard.next();
    expect(answer).toMatch(/^SIP\/2\.0 401 /);
    expect(answer.length).toBeLessThanOrEqual(text.length);
    expect(answer.match(/WWW-Authenticate/g)).toHaveLength(count);
    // RFC 3261 §8.2.7: no 100 before it, no Timer G behind it.
    await heard.silent(400);
    expect(heard.all).toHaveLength(1);
  });

  test('that is too small for any answer gets none, and is counted', async () => {
    const { wire, heard, counts } = await open();
    wire.send(requestText(wire, method, 0));
    await heard.silent(200);
    expect(heard.all).toHaveLength(0);
    expect(counts.get('unproven')).toBe(1);
  });

  test('that is malformed gets no answer, and is counted', async () => {
    const { wire, heard, counts } = await open();
    wire.send(requestText(wire, method, 300).replace('CSeq: 1', 'CSeq: x'));
    await heard.silent(200);
    expect(heard.all).toHaveLength(0);
    expect(counts.get('unproven')).toBe(1);
  });
});
