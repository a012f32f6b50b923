import { expect } from 'vitest';
import type { SipRequest } from '../../../src/sip/message.ts';
import { parseMessage } from '../../../src/sip/parse.ts';

/** The header lines of a SUBSCRIBE as a desk phone sends it. */
export const subscribeHeaders: Readonly<Record<string, string>> = {
  Via: 'SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK1;rport',
  'Max-Forwards': '70',
  From: '"Reception" <sip:100@example.com>;tag=phone',
  To: '<sip:1001@example.com>',
  'Call-ID': 'a84b4c76e66710',
  CSeq: '1 SUBSCRIBE',
  Contact: '<sip:100@192.0.2.10:5060>',
  Event: 'dialog',
  Accept: 'application/dialog-info+xml',
  Expires: '3600',
  'User-Agent': 'Phone/1.0',
  'Content-Length': '0',
};

/** Changes to the sample: null leaves the header out, a list writes a line for each element. */
export type Changes = Readonly<Record<string, string | readonly string[] | null>>;

/** The wire text of the sample SUBSCRIBE with changed headers and start line. */
export function subscribeText(
  changes: Changes = {},
  startLine = 'SUBSCRIBE sip:1001@example.com SIP/2.0',
): string {
  const lines = [startLine];
  for (const [name, value] of Object.entries({ ...subscribeHeaders, ...changes })) {
    for (const each of value === null ? [] : [value].flat()) lines.push(`${name}: ${each}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** The same, parsed. */
export function subscribeRequest(changes: Changes = {}, startLine?: string): SipRequest {
  return requestFrom(subscribeText(changes, startLine));
}

/** The request that `text` is; fails the test when it is none. */
export function requestFrom(text: string): SipRequest {
  const result = parseMessage(text);
  expect(result).toMatchObject({ kind: 'message', message: { kind: 'request' } });
  if (result.kind === 'fault' || result.message.kind === 'response') throw new Error('not a request');
  return result.message;
}
