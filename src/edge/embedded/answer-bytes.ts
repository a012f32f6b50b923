import type { Answer, IncomingRequest } from '../../ports/edge.ts';
import type { ByteString } from '../../sip/message.ts';
import { responseText } from './response-text.ts';

/** A request with the tag that our responses to it put on To. */
export interface Tagged extends IncomingRequest {
  toTag: string | null;
}

/** Where tags and Contacts come from. */
export interface AnswerSource {
  /** A new random tag. */
  tag(): string;
  contactFor(request: IncomingRequest): ByteString;
}

/** The octets of an answer. All responses to one request have the same tag, which the first of them decides. */
export function answerBytes(request: Tagged, answer: Answer, source: AnswerSource): Buffer {
  // RFC 3261 §8.2.6.2: every response but 100 has a tag on To.
  if (answer.status > 100) request.toTag ??= answer.toTag ?? source.tag();
  const contact = source.contactFor(request);
  return Buffer.from(responseText(request.message, answer, { toTag: request.toTag, contact }), 'latin1');
}
