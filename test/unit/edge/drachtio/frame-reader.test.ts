import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameReader } from '../../../../src/edge/drachtio/frame-reader.ts';

/** Reads chunks; gives the messages, and whether every chunk was sound. */
function read(chunks: readonly string[]): { messages: readonly string[]; sound: boolean } {
  const messages: string[] = [];
  const reader = new FrameReader((message) => messages.push(message));
  return { sound: chunks.every((chunk) => reader.push(chunk)), messages };
}

const frame = (message: string): string => `${message.length}#${message}`;

describe('FrameReader', () => {
  test('cuts a chunk into its messages', () => {
    expect(read([frame('a|response|1|OK') + frame('b') + frame('c#9#c')])).toEqual({
      sound: true,
      messages: ['a|response|1|OK', 'b', 'c#9#c'],
    });
  });

  test('puts messages together however they were cut', () => {
    const octets = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
      minLength: 1,
    });
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(octets), cuts, (messages, sizes) => {
        const stream = messages.map(frame).join('');
        const chunks: string[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          chunks.push(stream.slice(at, at + size));
          at += size;
        }
        expect(read(chunks)).toEqual({ sound: true, messages });
      }),
    );
  });

  test.each(['x#abc', '#abc', '-1#abc', '1 #abc', '1234567#a', 'no length at all', `12${'3'.repeat(60)}`])(
    'a stream without a length is broken: %s',
    (text) => {
      expect(read([frame('good') + text])).toEqual({ sound: false, messages: ['good'] });
    },
  );

  test('a message of 900,000 octets in pieces of 10 is put together once, not at each piece', () => {
    const large = 'x'.repeat(900_000);
    const stream = frame(large);
    const chunks = Array.from({ length: Math.ceil(stream.length / 10) }, (_, at) =>
      stream.slice(10 * at, 10 * at + 10),
    );
    // Joined at each piece it would move 40 GB, and be over long after this test.
    expect(read(chunks).messages).toEqual([large]);
  });
});
