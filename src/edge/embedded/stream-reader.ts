import { type FramerEvent, StreamFramer } from '../../sip/framing.ts';
import type { ByteString } from '../../sip/message.ts';
import type { Inbound } from './inbound.ts';
import { isResponse } from './is-response.ts';
import type { Connection } from './path.ts';

const CRLF = Buffer.from('\r\n', 'latin1');

/** Reads SIP messages from the octets of a stream and passes them on. */
export class StreamReader {
  readonly #framer: StreamFramer;
  readonly #inbound: Inbound;
  readonly #connection: Connection;

  constructor(connection: Connection, inbound: Inbound, maxMessageBytes: number) {
    this.#connection = connection;
    this.#inbound = inbound;
    this.#framer = new StreamFramer({ headOctets: maxMessageBytes, bodyOctets: maxMessageBytes });
  }

  /** Whether a message has begun that is not whole yet. */
  get partial(): boolean {
    return this.#framer.partial;
  }

  /** Takes the next octets; gives whether they completed a message or a keep-alive. */
  push(chunk: ByteString): boolean {
    let [whole, asked] = [false, false];
    for (const event of this.#framer.push(chunk)) {
      whole ||= event.kind !== 'fault';
      asked ||= event.kind === 'keepalive';
      this.#take(event);
    }
    // RFC 5626 §4.4.1: a double CRLF is answered with one CRLF at once; many that come together are one question.
    if (asked) this.#connection.send(CRLF);
    return whole;
  }

  #take(event: FramerEvent): void {
    switch (event.kind) {
      case 'message':
        this.#pass(event.text);
        break;
      case 'keepalive':
        this.#inbound.count('keepalive');
        break;
      case 'fault':
        this.#giveUp(event.head);
        break;
    }
  }

  #pass(text: ByteString): void {
    if (isResponse(text)) this.#inbound.response(text);
    else this.#inbound.request(text, this.#connection.flow, this.#connection);
  }

  /** RFC 3261 §18.3: what cannot be framed is answered, if it can be, and the stream is closed. */
  #giveUp(head: ByteString | null): void {
    if (head === null) this.#inbound.refused('malformed', this.#connection.flow.remoteAddress);
    else this.#pass(head);
    this.#connection.close();
  }
}
