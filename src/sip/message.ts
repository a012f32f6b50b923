/**
 * Text as it is on the wire: one character per octet (latin1). Inside `sip/` every string is of this kind, so
 * that lengths are octets; `utf8.ts` converts to and from text for people.
 */
export type ByteString = string;

/** Header fields in wire order, flattened: name, value, name, value ... Names in lower case and long form. */
export type Headers = readonly ByteString[];

/** A request (RFC 3261 §7.1). */
export interface SipRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: ByteString;
  readonly headers: Headers;
  readonly body: ByteString;
}

/** A response (RFC 3261 §7.2). */
export interface SipResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: ByteString;
  readonly headers: Headers;
  readonly body: ByteString;
}

export type SipMessage = SipRequest | SipResponse;

/** The first value of a header field, or null. `name` is lower case and long form. */
export function headerOf(message: SipMessage, name: string): ByteString | null {
  const { headers } = message;
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index] === name) return headers[index + 1] ?? '';
  }
  return null;
}

/** Every value of a header field in wire order, one for each field line, not split at commas. */
export function headersOf(message: SipMessage, name: string): readonly ByteString[] {
  const values: ByteString[] = [];
  const { headers } = message;
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index] === name) values.push(headers[index + 1] ?? '');
  }
  return values;
}
