import { type FramerEvent, StreamFramer } from '../../../src/sip/framing.ts';
import type { ByteString } from '../../../src/sip/message.ts';
import { parseMessage } from '../../../src/sip/parse.ts';
import { type FuzzTarget, promise, promiseSame } from '../fuzz-target.ts';
import { MESSAGES } from '../seeds.ts';

const LIMITS = { headOctets: 16_384, bodyOctets: 16_384 };

/** The framer of streams: however the octets are chopped, the same messages come out. */
export const FRAMING: FuzzTarget = {
  name: 'framing',
  seeds: [...MESSAGES, `\r\n\r\n${MESSAGES[0]}${MESSAGES[1]}\r\n\r\n`],
  run: (input) => {
    const events = eventsOf(chop(input));
    return () => {
      promiseSame(events, eventsOf([input]), 'the pieces do not matter');
      for (const event of events.slice(0, 50)) promiseWhole(event);
    };
  },
};

function promiseWhole(event: FramerEvent): void {
  if (event.kind !== 'message') return;
  const result = parseMessage(event.text, { ...LIMITS, fields: 256, fieldOctets: 8192 });
  const isShort = result.kind === 'fault' && result.reason === 'Body Shorter Than Content-Length';
  promise(!isShort, 'a framed message is whole');
}

function eventsOf(chunks: readonly ByteString[]): readonly FramerEvent[] {
  const framer = new StreamFramer(LIMITS);
  return chunks.flatMap((chunk) => framer.push(chunk));
}

/** Pieces whose lengths depend on what is in them. */
function chop(input: ByteString): readonly ByteString[] {
  const pieces: ByteString[] = [];
  for (let at = 0; at < input.length; ) {
    const length = 1 + ((input.charCodeAt(at) * 31 + at) % (input.length > 2000 ? 1499 : 97));
    pieces.push(input.slice(at, at + length));
    at += length;
  }
  return pieces;
}
