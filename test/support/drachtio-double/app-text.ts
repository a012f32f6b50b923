import { canonicalName } from '../../../src/sip/header-name.ts';
import type { ByteString } from '../../../src/sip/message.ts';
import { parseNameAddr } from '../../../src/sip/name-addr.ts';
import { toUtf8 } from '../../../src/sip/utf8.ts';

/** The SIP text of an application. */
export interface AppText {
  readonly startLine: ByteString;
  /** Name, value, name, value ... */
  readonly headers: readonly ByteString[];
  readonly body: ByteString;
}

const START_LINE_OCTETS = 512;
/** The application may write these, and the server ignores them. */
const DISCARDED = ['via', 'route', 'rseq', 'record-route', 'content-length'];
const WELL_FORMED: Readonly<Record<string, (value: ByteString) => boolean>> = {
  contact: isAddress,
  from: isAddress,
  to: isAddress,
  expires: (value) => /^\d+$/.test(value),
  cseq: (value) => /^\d+ \w+$/.test(value),
};

/**
 * Reads what an application wrote, as the real server does: a start line longer than 512 octets is cut, and one
 * header of a known name that cannot be parsed takes all that follow it along, without a word.
 */
export function readAppText(text: string): AppText {
  const octets = toUtf8(text);
  const headEnd = octets.indexOf('\r\n\r\n');
  const [startLine = '', ...lines] = octets.slice(0, headEnd).split('\r\n');
  const headers: ByteString[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = canonicalName(line.slice(0, colon).trim());
    const value = line.slice(colon + 1).trim();
    if (DISCARDED.includes(name)) continue;
    if (WELL_FORMED[name]?.(value) === false) break;
    headers.push(name, value);
  }
  return { startLine: startLine.slice(0, START_LINE_OCTETS), headers, body: octets.slice(headEnd + 4) };
}

/** The value of a header, or null. */
export function valueIn({ headers }: AppText, name: string): ByteString | null {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index] === name) return headers[index + 1] ?? '';
  }
  return null;
}

/** The headers but those named. */
export function headersBut({ headers }: AppText, ...names: readonly string[]): readonly ByteString[] {
  const kept: ByteString[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (!names.includes(name)) kept.push(name, headers[index + 1] ?? '');
  }
  return kept;
}

/** A body needs a Content-Type, unless it looks like SDP. */
export function lacksContentType(text: AppText): boolean {
  return text.body !== '' && valueIn(text, 'content-type') === null && !text.body.startsWith('v=0');
}

function isAddress(value: ByteString): boolean {
  return parseNameAddr(value) !== null;
}
