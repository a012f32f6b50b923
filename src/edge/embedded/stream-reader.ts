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

  /** Takes the next octets. */
  push(chunk: ByteString): void {
    for (const event of this.#framer.push(chunk)) this.#take(event);
  }

  #take(event: FramerEvent): void {
    switch (event.kind) {
      case 'message':
        this.#pass(event.text);
        break;
      case 'keepalive':
        // RFC 5626 §4.4.1: a double CRLF is answered with one CRLF at once.
        this.#inbound.count('keepalive');
        this.#connection.send(CRLF);
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
    if (head === null) this.#inbound.count('malformed');
    else this.#pass(head);
    this.#connection.close();
  }
}
