import type { Flow, IncomingRequest } from '../../ports/edge.ts';
import type { SipRequest } from '../../sip/message.ts';
import type { Via } from '../../sip/via.ts';
import type { Connection } from './path.ts';

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

/** A request that is served, as the application gets to see it. */
export abstract class ServedRequest implements Arrival, IncomingRequest {
  readonly message: SipRequest;
  readonly flow: Flow;
  readonly via: Via;
  readonly connection: Connection | null;
  readonly octets: number;

  constructor(arrival: Arrival) {
    this.message = arrival.message;
    this.flow = arrival.flow;
    this.via = arrival.via;
    this.connection = arrival.connection;
    this.octets = arrival.octets;
  }
}
