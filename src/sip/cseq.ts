import type { ByteString } from './message.ts';
import { isBlank, isToken, parseDecimal, sliceTrimmed } from './token.ts';

/** The value of CSeq (RFC 3261 §20.16). */
export interface Cseq {
  /** 0 to 9,999,999,999: whether it is below 2^31 is for the reader to check. */
  readonly number: number;
  readonly method: string;
}

/** A CSeq from its text, or null when malformed. */
export function parseCseq(text: ByteString): Cseq | null {
  let numberEnd = 0;
  while (numberEnd < text.length && !isBlank(text.charCodeAt(numberEnd))) numberEnd += 1;
  const number = parseDecimal(text.slice(0, numberEnd), 10);
  const method = sliceTrimmed(text, numberEnd);
  return number === null || !isToken(method) ? null : { number, method };
}
