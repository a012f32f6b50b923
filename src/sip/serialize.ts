import { rfcName } from './header-name.ts';
import type { ByteString, SipMessage } from './message.ts';

/**
 * A message as it goes on the wire, header names as their RFC spells them. Content-Length is always the length
 * of the body; one among the headers is dropped. Values must hold no line end: those from `parseMessage` do not.
 */
export function serialize(message: SipMessage): ByteString {
  const { headers, body } = message;
  let text = startLine(message);
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (name !== 'content-length') text += `${rfcName(name)}: ${headers[index + 1] ?? ''}\r\n`;
  }
  return `${text}Content-Length: ${body.length}\r\n\r\n${body}`;
}

function startLine(message: SipMessage): ByteString {
  if (message.kind === 'request') return `${message.method} ${message.uri} SIP/2.0\r\n`;
  return `SIP/2.0 ${message.status} ${message.reason}\r\n`;
}
