import { inspectRequest } from '../../../src/sip/inspect.ts';
import { splitList } from '../../../src/sip/list.ts';
import { headerOf, type SipMessage } from '../../../src/sip/message.ts';
import { parseLimits, parseMessage } from '../../../src/sip/parse.ts';
import { peekResponse } from '../../../src/sip/peek.ts';
import type { Refusal } from '../../../src/sip/refusal.ts';
import { serialize } from '../../../src/sip/serialize.ts';
import { readSubscribe } from '../../../src/sip/subscribe.ts';
import { parseVia } from '../../../src/sip/via.ts';
import { type FuzzTarget, promise, promiseSame } from '../fuzz-target.ts';
import { MESSAGES } from '../seeds.ts';

/** The parser of messages: what it gives can be written again, and means the same then. */
export const MESSAGE: FuzzTarget = {
  name: 'message',
  seeds: MESSAGES,
  run: (input) => {
    const result = parseMessage(input);
    if (result.kind === 'fault') return () => promiseHeaders(result.request);
    const { message } = result;
    const again = parseMessage(serialize(message));
    return () => {
      promiseHeaders(message);
      promise(message.body.length <= parseLimits.bodyOctets, 'a body within its bounds');
      promiseSame(
        again,
        { kind: 'message', message: withLength(message) },
        'what is written is read as it was',
      );
    };
  },
};

/** The checks of a UAS, and the reader of SUBSCRIBE behind them. */
export const INSPECT: FuzzTarget = {
  name: 'inspect',
  seeds: MESSAGES,
  run: (input) => {
    const result = parseMessage(input);
    if (result.kind === 'fault' || result.message.kind === 'response') return () => {};
    const request = result.message;
    const refused = inspectRequest(request);
    if (refused !== null) return () => promiseRefusal(refused);
    const reading = request.method === 'SUBSCRIBE' ? readSubscribe(request) : null;
    return () => {
      if (reading?.kind === 'refused') promise(reading.refusal.status === 400, 'what is malformed is 400');
      if (reading?.kind === 'read')
        promise(reading.fields.contact.uri !== '', 'who subscribes has a Contact');
    };
  },
};

/** The short look at responses: where it sees anything, it sees what the parser sees. */
export const PEEK: FuzzTarget = {
  name: 'peek',
  seeds: MESSAGES.filter((text) => text.startsWith('SIP/')),
  run: (input) => {
    const peek = peekResponse(input);
    const result = parseMessage(input);
    if (peek === null || result.kind === 'fault' || result.message.kind === 'request') return () => {};
    const { message } = result;
    const via = parseVia(splitList(headerOf(message, 'via') ?? '')[0] ?? '');
    return () => {
      promise(peek.status === message.status, 'the same status');
      if (via !== null) promiseSame(peek.branch, via.branch, 'the same branch');
    };
  },
};

function promiseRefusal({ status, headers }: Refusal): void {
  promise(status >= 400 && status < 600, 'a refusal refuses');
  for (const text of headers) promise(!/[\r\n]/.test(text), 'no line end in a refusal');
}

function promiseHeaders(message: SipMessage | null): void {
  const headers = message?.headers ?? [];
  promise(headers.length % 2 === 0, 'header names and values in turn');
  for (const text of headers) promise(!/[\r\n]/.test(text), 'no line end in a header field');
}

/** What `serialize` makes of a message: Content-Length once, at the end, and true. */
function withLength(message: SipMessage): SipMessage {
  const headers: string[] = [];
  for (let index = 0; index < message.headers.length; index += 2) {
    const [name = '', value = ''] = message.headers.slice(index, index + 2);
    if (name !== 'content-length') headers.push(name, value);
  }
  return { ...message, headers: [...headers, 'content-length', `${message.body.length}`] };
}
