import type { Answer } from '../../ports/edge.ts';
import { type ByteString, headersOf, type SipRequest } from '../../sip/message.ts';
import { reasonOf } from '../../sip/status.ts';

/** Content-Length, the empty line, and the tag that drachtio-server may put on To. */
const REST_OCTETS = 'Content-Length: 0\r\n\r\n'.length + ';tag='.length + 13;

/** `received` and `rport` of the longest address: drachtio-server adds them to the top Via. */
const RECEIVED_OCTETS = ';received=;rport=65535'.length + 39;

/** The most octets that drachtio-server makes of an answer without body. */
export function responseOctets(request: SipRequest, answer: Answer): number {
  const { status, reason = reasonOf(status), headers } = answer;
  let octets = `SIP/2.0 ${status} ${reason}\r\n`.length + REST_OCTETS + RECEIVED_OCTETS;
  octets += (answer.toTag ?? '').length;
  for (const name of ['via', 'from', 'to', 'call-id', 'cseq']) {
    for (const value of headersOf(request, name)) octets += lineOctets(name, value);
  }
  for (let index = 0; index + 1 < headers.length; index += 2) {
    octets += lineOctets(headers[index] ?? '', headers[index + 1] ?? '');
  }
  return octets;
}

function lineOctets(name: ByteString, value: ByteString): number {
  return name.length + value.length + ': \r\n'.length;
}
