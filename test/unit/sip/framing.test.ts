import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FramerEvent, StreamFramer } from '../../../src/sip/framing.ts';
import { parseMessage } from '../../../src/sip/parse.ts';
import { serialize } from '../../../src/sip/serialize.ts';
import { hostile, message, octets } from './arbitrary.ts';
import { subscribeText } from './sample.ts';

const LIMITS = { headOctets: 4096, bodyOctets: 1000 };

/** What comes out of a stream that arrives in these chunks. */
function frame(chunks: readonly string[], limits = LIMITS): readonly FramerEvent[] {
  const framer = new StreamFramer(limits);
  return chunks.flatMap((chunk) => framer.push(chunk));
}

const text = `${subscribeText({ 'Content-Length': '5' })}hello`;

describe('StreamFramer', () => {
  test('cuts messages by Content-Length (RFC 3261 §18.3)', () => {
    expect(frame([text + text])).toEqual([
      { kind: 'message', text },
      { kind: 'message', text },
    ]);
  });

  test('takes a message without Content-Length as one without a body', () => {
    const bare = subscribeText({ 'Content-Length': null });
    expect(frame([bare + text])).toEqual([
      { kind: 'message', text: bare },
      { kind: 'message', text },
    ]);
  });

  test.each(['l', 'L', 'content-length ', 'CONTENT-LENGTH\t'])('knows "%s" as Content-Length', (name) => {
    const named = text.replace('Content-Length', name);
    expect(frame([named])).toEqual([{ kind: 'message', text: named }]);
  });

  test('knows a Content-Length that is folded', () => {
    const folded = text.replace('Content-Length: 5', 'Content-Length:\r\n 5');
    expect(frame([folded])).toEqual([{ kind: 'message', text: folded }]);
  });

  test('gives nothing before a message is whole', () => {
    expect(frame([text.slice(0, -1)])).toEqual([]);
  });

  test('hears each double CRLF between messages as a keep-alive (RFC 5626 §4.4.1)', () => {
    expect(frame(['\r\n\r\n', text, '\r', '\n\r', '\n\r\n\r\n']).map(({ kind }) => kind)).toEqual([
      'keepalive',
      'message',
      'keepalive',
      'keepalive',
    ]);
  });

  test('hears a single CRLF as nothing: it answers a keep-alive', () => {
    expect(frame(['\r\n', text])).toEqual([{ kind: 'message', text }]);
  });

  test('hears no keep-alive within a body', () => {
    const body = '\r\n\r\n\r\n';
    const withBody = subscribeText({ 'Content-Length': '6' }) + body;
    expect(frame([withBody])).toEqual([{ kind: 'message', text: withBody }]);
  });

  test('gives the same for any chopping of the stream', () => {
    const stream = fc.array(fc.oneof(message.map(serialize), fc.constant('\r\n\r\n')), { maxLength: 5 });
    fc.assert(
      fc.property(stream, fc.array(fc.nat(200)), (parts, sizes) => {
        const whole = parts.join('');
        expect(frame(chop(whole, sizes))).toEqual(frame([whole]));
        expect(frame([...whole])).toEqual(frame([whole]));
      }),
      { numRuns: 60 },
    );
  });

  test('agrees with parseMessage() where a message ends, so that nothing can be smuggled in a body', () => {
    const pieces = [
      'l: 3\r\n',
      'Content-Length : 2\n',
      'l:\r\n 4\r\n',
      ' x\r\n',
      'A: b\r\n',
      '\r\n',
      'l\r\n: 5\r\n',
      '\r\r\n',
    ];
    fc.assert(
      fc.property(hostile(pieces, 8), (middle) => {
        const [first] = frame([`OPTIONS sip:a SIP/2.0\r\n${middle}\r\n\r\n${'x'.repeat(20)}`]);
        const result = first?.kind === 'message' ? parseMessage(first.text) : null;
        if (result?.kind !== 'message' || first?.kind !== 'message') return;
        expect(first.text.endsWith(result.message.body)).toBe(true);
        const announced = result.message.headers.indexOf('content-length');
        expect(result.message.body.length).toBe(
          announced === -1 ? 0 : Number(result.message.headers[announced + 1]),
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('StreamFramer gives up', () => {
  const head = (length: string | readonly string[]) => subscribeText({ 'Content-Length': length });

  test('with 400 at a malformed or repeated Content-Length: the next message cannot be found', () => {
    for (const length of ['x', '-1', ['1', '1']]) {
      expect(frame([head(length)])).toEqual([
        { kind: 'fault', status: 400, reason: 'Malformed Content-Length', head: head(length) },
      ]);
    }
  });

  test('with 413 at a body over its limit, before the body comes', () => {
    expect(frame([head('1001')])).toMatchObject([{ kind: 'fault', status: 413, head: head('1001') }]);
    expect(frame([head('1000') + 'x'.repeat(1000)])).toMatchObject([{ kind: 'message' }]);
  });

  test('with 513 at a head over its limit, ended or not', () => {
    expect(frame([`OPTIONS ${'x'.repeat(5000)}`])).toMatchObject([
      { kind: 'fault', status: 513, head: null },
    ]);
    expect(frame(Array(5000).fill('x'))).toMatchObject([{ kind: 'fault', status: 513 }]);
    expect(frame([subscribeText({ X: 'x'.repeat(5000) })])).toMatchObject([{ kind: 'fault', status: 513 }]);
  });

  test('and stays silent then', () => {
    expect(frame([head('x'), text, '\r\n\r\n'])).toHaveLength(1);
  });
});

test('partial is true from the first octet of a message to its last', () => {
  const framer = new StreamFramer({ headOctets: 1000, bodyOctets: 1000 });
  const seen = ['\r\n', 'OPTIONS sip:a SIP/2.0\r\nl: 2\r\n', '\r\n', 'a', 'b'].map((chunk) => {
    framer.push(chunk);
    return framer.partial;
  });
  expect(seen).toEqual([false, true, true, true, false]);
});

describe('StreamFramer survives', () => {
  test('any octets in any chunks', () => {
    const pieces = ['\r\n', '\n', 'l: 2\r\n', 'Content-Length:', 'OPTIONS sip:a SIP/2.0\r\n', '\r\n\r\n'];
    fc.assert(
      fc.property(fc.array(fc.oneof(octets(), hostile(pieces))), (chunks) => {
        expect(frame([chunks.join('')])).toEqual(frame(chunks));
      }),
    );
  });

  test('a megabyte that comes octet by octet, in linear time', () => {
    const limits = { headOctets: 2e6, bodyOctets: 2e6 };
    const large = subscribeText({ X: 'x'.repeat(500_000), 'Content-Length': '500000' }) + 'y'.repeat(500_000);
    const started = performance.now();
    expect(frame([...large], limits)).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

function chop(whole: string, sizes: readonly number[]): readonly string[] {
  const chunks: string[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(whole.slice(at, at + size));
    at += size;
  }
  return [...chunks, whole.slice(at)];
}
