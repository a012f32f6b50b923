import type { ByteString } from '../../sip/message.ts';

/** The same octets: a part of a text keeps the whole of it in memory, here up to 64 kB for half a minute; a copy does not. */
export function copyOf(part: ByteString): ByteString {
  return Buffer.from(part, 'latin1').toString('latin1');
}
