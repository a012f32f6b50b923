import type { ByteString } from '../../sip/message.ts';

/**
 * The most octets of one message while others may follow it: drachtio-server keeps 12,228 octets and reads 8192 at
 * once, so that a longer rest of a message leaves no room for a read; the stream is garbage after that.
 */
export const PIPELINED_OCTETS = 4036;

/**
 * The most octets of a message that travels alone. Above 12,228 the connection is stuck for ever.
 */
export const ALONE_OCTETS = 12_150;

/** drachtio-server cuts a longer start line without a word. */
export const START_LINE_OCTETS = 512;

/** What the lean connection adds: length and message id. */
const LEAN_FRAME_OCTETS = 24;

/** The most octets that a text takes on the way to drachtio-server through the lean connection. */
export function textOctets(text: ByteString): number {
  return text.length + LEAN_FRAME_OCTETS;
}
