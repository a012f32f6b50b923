import type { ByteString } from '../../sip/message.ts';
import { textOctets } from './message-size.ts';
import type { Weighed } from './outbox.ts';
import { isLocal, statusOf } from './server-message.ts';

/** A message of ours for the lean connection, which tells it what becomes of it. */
export interface LeanMessage extends Weighed {
  /** True if it was written before, on a connection that is lost. */
  readonly isRepeated?: true;
  /** What is written behind the message id, asked for each time that it is; '' when it is not worth sending any more. */
  take(): ByteString;
  /** drachtio-server has sent it; `echo` is its message, with ours as it went out. */
  sent(echo: ByteString): void;
  /** drachtio-server cannot send it. Nothing follows. */
  refused(reason: string): void;
}

/** A request of ours. */
export interface LeanRequest extends LeanMessage {
  /** The final response; `response` is the message of drachtio-server, with the response as it came. */
  answered(response: ByteString): void;
}

export function isRequest(message: LeanMessage): message is LeanRequest {
  return 'answered' in message;
}

/** The answer to a request; `refused` when drachtio-server cannot send it. */
export function leanAnswer(text: ByteString, refused: () => void): LeanMessage {
  return { octets: textOctets(text), take: () => text, sent: () => {}, refused };
}

/**
 * The answer once more, of which it is not known whether drachtio-server has sent it. It knows no transaction that was
 * answered, so that its refusal may mean that all is well: nothing follows from it.
 */
export function onceMore(answer: LeanMessage): LeanMessage {
  return { ...leanAnswer(answer.take(), () => {}), isRepeated: true };
}

/** How a plain request ended. */
export interface PlainEnd {
  readonly status: number;
  /** drachtio-server has made the response itself. */
  readonly local: boolean;
}

/** A request of which only the end matters: its final response, or null when drachtio-server cannot send it. */
export function plainRequest(text: ByteString, ended: (end: PlainEnd | null) => void): LeanRequest {
  return {
    octets: textOctets(text),
    take: () => text,
    sent: () => {},
    refused: () => ended(null),
    answered: (response) => ended({ status: statusOf(response), local: isLocal(response) }),
  };
}
