import type { Answer, IncomingRequest } from '../../ports/edge.ts';
import { fitAnswer } from '../../sip/fit-answer.ts';
import type { ByteString } from '../../sip/message.ts';
import { returnedVias } from './received.ts';
import { responseText, toTagOf } from './response-text.ts';
import type { Arrival } from './served-request.ts';

/** A request with the tag that our responses to it put on To. */
export interface Tagged extends Arrival {
  toTag: string | null;
}

/** Where tags and Contacts come from. */
export interface AnswerSource {
  /** A new random tag. */
  tag(): string;
  contactFor(request: IncomingRequest): ByteString;
}

/**
 * The octets of an answer to somebody who may not be where the datagram says: never more than the request had, so that
 * nobody can make us send much to others. Null when the answer cannot be made so short.
 */
export function fittedBytes(request: Tagged, answer: Answer, source: AnswerSource): Buffer | null {
  const bytesWith = (headers: Answer['headers']) => answerBytes(request, { ...answer, headers }, source);
  const headers = fitAnswer(answer.headers, (fewer) => bytesWith(fewer).length <= request.octets);
  return headers === null ? null : bytesWith(headers);
}

/**
 * The octets of an answer. All responses to one request have the same tag: the one that its To has already, inside a
 * dialog, else what the first of them decides.
 */
export function answerBytes(request: Tagged, answer: Answer, source: AnswerSource): Buffer {
  // RFC 3261 §8.2.6.2: every response but 100 has a tag on To.
  if (answer.status > 100) request.toTag ??= toTagOf(request.message) ?? answer.toTag ?? source.tag();
  const { message, via, flow, toTag } = request;
  const parts = { vias: returnedVias(message, via, flow), toTag, contact: source.contactFor(request) };
  return Buffer.from(responseText(message, answer, parts), 'latin1');
}
