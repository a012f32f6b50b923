import { type ByteString, headerOf } from '../../sip/message.ts';
import { parseMessage } from '../../sip/parse.ts';

/**
 * What the messages of drachtio-server say, read where it stands: a NOTIFY costs two of them, and hardly anything of
 * them matters. The first line is `|` between tokens; behind it there may be a SIP message.
 */

/** The token at an index, counted from 0; '' when there is none. */
export function tokenOf(message: ByteString, index: number): string {
  let start = 0;
  for (let passed = 0; passed < index; passed += 1) {
    const bar = message.indexOf('|', start);
    if (bar === -1) return '';
    start = bar + 1;
  }
  const end = message.indexOf('|', start);
  return message.slice(start, end === -1 ? message.length : end);
}

/** The status of the SIP response in a message; NaN when there is none. */
export function statusOf(message: ByteString): number {
  const start = message.indexOf('\r\nSIP/2.0 ') + '\r\nSIP/2.0 '.length;
  return Number(message.slice(start, start + 3));
}

/** True for a response that drachtio-server has made itself (408, 410, 503): it comes from no address. */
export function isLocal(response: ByteString): boolean {
  return tokenOf(response, 5) === '';
}

/** The value of Retry-After in a SIP response; '' when it has none. */
export function retryAfterOf(response: ByteString): ByteString {
  const read = parseMessage(response.slice(response.indexOf('\r\n') + 2));
  return read.kind === 'fault' ? '' : (headerOf(read.message, 'retry-after') ?? '');
}

/** The CSeq number of a request as it was sent; -1 when it cannot be read. */
export function sentCseqOf(echo: ByteString): number {
  const start = echo.indexOf('\r\nCSeq: ') + '\r\nCSeq: '.length;
  const number = Number.parseInt(echo.slice(start, start + 10), 10);
  return start >= '\r\nCSeq: '.length && number >= 0 ? number : -1;
}

/** Which way a request was sent. */
export interface SentTo {
  /** `udp`, `tcp` (also for WebSocket) or `tls`. */
  readonly protocol: string;
  /** Of a stream: the peer's address; of UDP: our own. */
  readonly address: string;
  readonly port: number;
}

/** Which way a request was sent, by its echo. */
export function sentToOf(echo: ByteString): SentTo {
  return { protocol: tokenOf(echo, 6), address: tokenOf(echo, 7), port: Number(tokenOf(echo, 8)) };
}
