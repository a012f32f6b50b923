import type { ByteString } from '../../sip/message.ts';

/** RFC 3261 §7.1 lets SIP-Version be in any case, §7.5 lets line ends come before it. */
const UNUSUAL = /^[\r\n]*sip\//i;

/** Whether a text is a response rather than a request, from how it begins. */
export function isResponse(text: ByteString): boolean {
  return text.startsWith('SIP/') || UNUSUAL.test(text);
}
