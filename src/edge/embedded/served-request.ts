import type { Flow, IncomingRequest } from '../../ports/edge.ts';
import type { SipRequest } from '../../sip/message.ts';
import type { Via } from '../../sip/via.ts';
import type { Timed } from '../../sip/wheel.ts';
import type { Connection } from './path.ts';
import { originKey } from './transaction-key.ts';

/** A request as it came, with its top Via read. */
export interface Arrival {
  readonly message: SipRequest;
  readonly flow: Flow;
  /** As the client wrote it: its sent-by is part of the key. */
  readonly via: Via;
  /** The stream it came on; null for a datagram. */
  readonly connection: Connection | null;
  /** The length of the request on the wire. */
  readonly octets: number;
}

/** What both kinds of server transaction keep of their request; also what the application gets to see of it. */
export abstract class ServedRequest<Transaction> implements Arrival, IncomingRequest, Timed<Transaction> {
  due = 0;
  place = -1;
  before: Transaction | null = null;
  after: Transaction | null = null;

  readonly message: SipRequest;
  readonly flow: Flow;
  readonly via: Via;
  readonly connection: Connection | null;
  readonly octets: number;
  /** What it is found by: both are made once, for they are wanted again when it is forgotten. */
  readonly key: string;
  readonly origin: string | null;
  /** The last response, for retransmissions. */
  response: Buffer | null = null;
  /** The tag we have put on To. */
  toTag: string | null = null;

  constructor(arrival: Arrival, key: string) {
    this.message = arrival.message;
    this.flow = arrival.flow;
    this.via = arrival.via;
    this.connection = arrival.connection;
    this.octets = arrival.octets;
    this.key = key;
    this.origin = originKey(arrival.message);
  }
}
