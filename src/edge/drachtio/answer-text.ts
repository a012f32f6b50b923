import type { Answer } from '../../ports/edge.ts';
import { rfcName } from '../../sip/header-name.ts';
import { type ByteString, headerOf, type SipRequest } from '../../sip/message.ts';
import { reasonOf } from '../../sip/status.ts';

/** Methods whose 2xx carries our Contact (RFC 3261 §20.10 table 2, RFC 6665 §8.2.1). */
const TARGET_METHODS: readonly string[] = ['SUBSCRIBE', 'INVITE', 'OPTIONS'];

/** What is known of the request that is answered. */
export interface Answered {
  readonly message: SipRequest;
  /** The name that drachtio-server gave it. */
  readonly transaction: string;
  /** drachtio-server knows its dialog. */
  readonly known: boolean;
  readonly hasToTag: boolean;
  /** The URI of our Contact. */
  readonly contact: ByteString;
}

/**
 * What is written to drachtio-server behind the id of a message: `|sip|<transaction>|`, then a response without what
 * drachtio-server adds (Via, From, To, Call-ID, CSeq, Content-Length). Our To tag is given only where neither the request
 * nor drachtio-server has one: otherwise the response would show a tag that the NOTIFYs do not.
 */
export function answerText(answer: Answer, { message, transaction, ...about }: Answered): ByteString {
  const { status, toTag, headers, body = '' } = answer;
  let fields = '';
  for (let at = 0; at + 1 < headers.length; at += 2)
    fields += `${rfcName(headers[at] ?? '')}: ${headers[at + 1]}\r\n`;
  // drachtio-server takes everything behind `tag=` as the tag, so it comes last.
  if (toTag !== undefined && !about.known && !about.hasToTag)
    fields += `To: ${headerOf(message, 'to') ?? ''};tag=${toTag}\r\n`;
  if (status >= 200 && status < 300 && TARGET_METHODS.includes(message.method))
    fields += `Contact: <${about.contact}>\r\n`;
  return `${startOf(transaction, status, answer.reason)}${fields}\r\n${body}`;
}

/** An answer that says nothing but its status. */
export function plainAnswerText(transaction: string, status: number): ByteString {
  return `${startOf(transaction, status)}\r\n`;
}

function startOf(transaction: string, status: number, reason: ByteString = reasonOf(status)): ByteString {
  return `|sip|${transaction}|\r\nSIP/2.0 ${status} ${reason}\r\n`;
}
