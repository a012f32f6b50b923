import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { headerOf } from '../../src/sip/message.ts';
import { type Phone, randomToken } from '../support/phone.ts';
import { openStage } from '../support/rfc-stage.ts';
import { type Afterwards, TORTURES, type TortureAnswer } from './torture-table.ts';

const FOLDER = join(import.meta.dirname, '../fixture/torture');

/** What is counted of responses that answer nothing of ours. */
const DROPPED = ['malformed', 'unmatched_response'].map(
  (event) => `lamplighter_edge_events_total{event="${event}"}`,
);

/** A Lamplighter of its own for each message: some have the same branch and sent-by, and so the same transaction. */
const open = () => openStage('embedded');

/** The octets of a message, as the RFC has them. */
function octetsOf(file: string): string {
  return readFileSync(join(FOLDER, `${file}.dat`), 'latin1');
}

/**
 * The same, but for a question for rport in the top Via (RFC 3581): without it the answer to a datagram would go to
 * port 5060 of this machine.
 */
function askingForRport(text: string): string {
  const line = /^(?:via|v)[ \t]*:.*(?:\r\n[ \t].*)*/im.exec(text);
  if (line === null) throw new Error('The message has no Via');
  if (line[0].includes(';rport')) return text;
  const comma = line[0].indexOf(',');
  const end = line.index + (comma === -1 ? line[0].length : comma);
  return `${text.slice(0, end).trimEnd()};rport${text.slice(end)}`;
}

function options(phone: Phone, callId: string): string {
  return phone.write({ method: 'OPTIONS', uri: 'sip:1001@127.0.0.1', callId });
}

async function expectAnswer(phone: Phone, text: string, answer: TortureAnswer): Promise<void> {
  phone.send(text);
  if (answer !== 'dropped') {
    expect((await phone.responses.until(({ status }) => status >= 200)).status).toBe(answer);
  }
}

/** The next request is served. Its answer comes behind whatever else was answered. */
async function expectServed(phone: Phone): Promise<void> {
  const callId = `after-${randomToken()}`;
  phone.send(options(phone, callId));
  const served = await phone.responses.until((response) => headerOf(response, 'call-id') === callId);
  expect(served.status).toBe(200);
}

async function expectAfterwards(phone: Phone, afterwards: Afterwards): Promise<void> {
  if (afterwards === 'goes on') await expectServed(phone);
  else if (afterwards === 'is closed') await phone.closed.next();
  else {
    phone.send(options(phone, 'swallowed'));
    await phone.responses.silent(100);
  }
}

/** How many final responses a phone has heard to anything but the OPTIONS of `expectServed`. */
function finals(phone: Phone): number {
  const others = phone.responses.all.filter(
    (response) => response.status >= 200 && !headerOf(response, 'call-id')?.startsWith('after-'),
  );
  return new Set(others.map((response) => `${headerOf(response, 'call-id')} ${response.status}`)).size;
}

test('RFC 4475: every message has its file and its row', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.dat'));
  expect(TORTURES.map(({ file }) => `${file}.dat`).toSorted()).toEqual(files.toSorted());
  expect(TORTURES).toHaveLength(49);
});

test('RFC 4475: every answer is one that the RFC names, and who chose says why', () => {
  for (const { file, named, answer, ours = '' } of TORTURES) {
    expect(named, file).toContain(answer);
    if (named.length > 1) expect(ours, file).not.toBe('');
  }
});

describe.concurrent('RFC 4475 over UDP', () => {
  test.for(TORTURES)('§$section $file: $answer', async ({ file, answer }) => {
    await using stage = await open();
    const phone = await stage.phone('udp');
    await expectAnswer(phone, askingForRport(octetsOf(file)), answer);
    await expectServed(phone);
    expect(finals(phone)).toBe(answer === 'dropped' ? 0 : 1);
  });
});

describe.concurrent('RFC 4475 over TCP, octet by octet', () => {
  test.for(TORTURES.filter(({ file }) => file !== 'dblreq'))('§$section $file', async (torture) => {
    const { file, answer } = torture;
    const over = torture.tcp ?? { answer, afterwards: 'goes on' };
    await using stage = await open();
    const phone = await stage.phone('tcp');
    await expectAnswer(phone, octetsOf(file), over.answer);
    await expectAfterwards(phone, over.afterwards);
    expect(finals(phone)).toBe(over.answer === 'dropped' ? 0 : 1);
  });

  test('§3.1.1.8 dblreq: on a stream the octets behind the body are the next request', async () => {
    await using stage = await open();
    const phone = await stage.phone('tcp');
    phone.send(octetsOf('dblreq'));
    const heard = [await phone.responses.next(), await phone.responses.until(({ status }) => status >= 200)];
    expect(heard.map(({ status }) => status)).toEqual([405, 400]);
  });
});

describe('RFC 4475', () => {
  test('§3.1.1.2: 501 lists the methods that are served', async () => {
    await using stage = await open();
    const phone = await stage.phone('tcp');
    phone.send(octetsOf('intmeth'));
    const { status, headers } = await phone.responses.next();
    expect(status).toBe(501);
    expect(headers[headers.indexOf('allow') + 1]).toContain('SUBSCRIBE');
  });

  test('§3.3.5: 420 lists what is not supported', async () => {
    await using stage = await open();
    const phone = await stage.phone('tcp');
    phone.send(octetsOf('bext01'));
    const response = await phone.responses.next();
    expect(headerOf(response, 'unsupported')).toBe('nothingSupportsThis, nothingSupportsThisEither');
  });

  test('§3.2.1: requests with nothing behind the magic cookie are not taken for one another', async () => {
    await using stage = await open();
    const phone = await stage.phone('udp');
    const first = askingForRport(octetsOf('badbranch'));
    for (const text of [first, first.replace(/^Call-ID: /m, '$&another-')]) {
      phone.send(text);
      const callId = /^Call-ID: (\S+)/m.exec(text)?.[1];
      const response = await phone.responses.next();
      expect(headerOf(response, 'call-id')).toBe(callId);
    }
  });

  test('responses to nothing are counted', async () => {
    await using stage = await open();
    const count = async () => (await stage.metric(DROPPED[0] ?? '')) + (await stage.metric(DROPPED[1] ?? ''));
    const before = await count();
    const phone = await stage.phone('udp');
    const responses = TORTURES.filter(({ answer }) => answer === 'dropped');
    for (const { file } of responses) phone.send(octetsOf(file));
    await expectServed(phone);
    expect(await count()).toBe(before + responses.length);
  });
});
