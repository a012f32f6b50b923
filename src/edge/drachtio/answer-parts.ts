import type { Answer } from '../../ports/edge.ts';
import { rfcName } from '../../sip/header-name.ts';
import { type ByteString, headerOf, type SipRequest } from '../../sip/message.ts';
import { fromUtf8 } from '../../sip/utf8.ts';
import type { SrfHeaders } from './srf.ts';

/** An answer as `res.send` takes it. */
export interface AnswerParts {
  readonly status: number;
  readonly reason: string | undefined;
  readonly headers: SrfHeaders;
  readonly body?: string;
}

/** Methods whose 2xx carries our Contact (RFC 3261 §20.10 table 2, RFC 6665 §8.2.1). */
const TARGET_METHODS: readonly string[] = ['SUBSCRIBE', 'INVITE', 'OPTIONS'];

const CHALLENGE = 'www-authenticate';

/** What is known of the request that is answered. */
export interface Answered {
  readonly message: SipRequest;
  /** drachtio-server knows its dialog. */
  readonly known: boolean;
  readonly hasToTag: boolean;
  /** The URI of our Contact. */
  readonly contact: ByteString;
}

/**
 * The parts of a response for drachtio-server. Our To tag is given only where neither the request nor
 * drachtio-server has one: otherwise the response would show a tag that the NOTIFYs do not.
 */
export function answerParts(answer: Answer, { message, known, hasToTag, contact }: Answered): AnswerParts {
  const headers = joinHeaders(answer.headers);
  if (answer.toTag !== undefined && !known && !hasToTag) {
    // drachtio-server takes everything behind `tag=` as the tag, so it comes last.
    headers.To = `${fromUtf8(headerOf(message, 'to') ?? '')};tag=${fromUtf8(answer.toTag)}`;
  }
  if (answer.status >= 200 && answer.status < 300 && TARGET_METHODS.includes(message.method)) {
    headers.Contact = `<${fromUtf8(contact)}>`;
  }
  const body = answer.body === undefined || answer.body === '' ? {} : { body: fromUtf8(answer.body) };
  return { status: answer.status, reason: answer.reason, headers, ...body };
}

/**
 * drachtio-srf takes one text for each name; RFC 3261 §7.3.1: a list in one field means the same, but not for
 * challenges: these stay lines of their own.
 */
function joinHeaders(flat: readonly ByteString[]): SrfHeaders {
  const headers: SrfHeaders = {};
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const name = flat[index] ?? '';
    const value = fromUtf8(flat[index + 1] ?? '');
    const between = name === CHALLENGE ? `\r\n${rfcName(name)}: ` : ', ';
    headers[name] = headers[name] === undefined ? value : `${headers[name]}${between}${value}`;
  }
  return headers;
}
