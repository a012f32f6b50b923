import type { ByteString } from '../../sip/message.ts';
import type { ServerState } from '../../sip/transaction.ts';
import type { Timed } from '../../sip/wheel.ts';
import type { Path } from './path.ts';
import { type Arrival, ServedRequest } from './served-request.ts';
import { originKey } from './transaction-key.ts';

/** A request that is no INVITE. Its transaction lets go of it when it is answered. */
export class ServerRequest extends ServedRequest {
  readonly transaction: ServerTransaction;

  constructor(arrival: Arrival, transaction: ServerTransaction) {
    super(arrival);
    this.transaction = transaction;
  }

  get toTag(): string | null {
    return this.transaction.toTag;
  }

  set toTag(toTag: string | null) {
    this.transaction.toTag = toTag;
  }
}

/**
 * One request that is served (RFC 3261 §17.2.2). On UDP it stays for 32 s after its final response: 1,000 SUBSCRIBEs a
 * second are 32,000 of it. Then it is the text of that response and what copies of the request are known by: 0.9 kB
 * instead of 3.4 with the request and octets.
 */
export class ServerTransaction implements Timed<ServerTransaction> {
  due = 0;
  place = -1;
  before: ServerTransaction | null = null;
  after: ServerTransaction | null = null;

  readonly method: string;
  /** What it is found by: both are made once, for they are wanted again when it is forgotten. */
  readonly key: string;
  readonly origin: string | null;
  state: ServerState = 'trying';
  /** Another transaction with the same branch and another method. */
  sibling: ServerTransaction | null = null;
  /** Null once it has its final response. */
  request: ServerRequest | null;
  /** The tag we have put on To. */
  toTag: string | null = null;
  /** The last response, for retransmissions. As text: octets would hold the 8 kB that Node cuts small buffers out of. */
  response: ByteString | null = null;
  /** Where the final response went. */
  path: Path | null = null;

  constructor(arrival: Arrival, key: string) {
    this.method = arrival.message.method;
    this.key = key;
    this.origin = originKey(arrival.message);
    this.request = new ServerRequest(arrival, this);
  }
}
