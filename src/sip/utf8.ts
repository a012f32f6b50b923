import type { ByteString } from './message.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** How many octets become characters at once: `String.fromCharCode` takes no endless argument lists. */
const CHUNK = 8192;

/** Text as octets of UTF-8. A lone surrogate becomes U+FFFD. */
export function toUtf8(text: string): ByteString {
  if (isAscii(text)) return text;
  const octets = encoder.encode(text);
  let bytes = '';
  for (let at = 0; at < octets.length; at += CHUNK) {
    bytes += String.fromCharCode(...octets.subarray(at, at + CHUNK));
  }
  return bytes;
}

/** The text that octets of UTF-8 mean. What is not UTF-8 becomes U+FFFD. */
export function fromUtf8(bytes: ByteString): string {
  if (isAscii(bytes)) return bytes;
  return decoder.decode(Uint8Array.from(bytes, (octet) => octet.charCodeAt(0)));
}

/** Counting octets takes a tenth of the time that looking at each character does. */
function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}
