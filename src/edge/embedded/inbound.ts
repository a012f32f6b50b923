import type { Flow } from '../../ports/edge.ts';
import type { ByteString } from '../../sip/message.ts';
import type { Connection } from './path.ts';

/** What the edge counts, besides what the application counts itself. */
export type EdgeCount =
  | 'untrusted'
  /** A datagram of who knows where, not answered: malformed, or too short for an answer that is no longer. */
  | 'unproven'
  | 'foreign_origin'
  | 'malformed'
  | 'keepalive'
  | 'keepalive_sent'
  | 'keepalive_unanswered'
  | 'retransmission'
  | 'merged'
  | 'ack'
  | 'cancel'
  | 'unmatched_response'
  /** A datagram of another worker, handed to it. */
  | 'passed_on'
  /** A response to a request of a worker that is not there now. */
  | 'worker_gone'
  | 'notify_retransmitted'
  | 'notify_on_stream'
  | 'notify_compact'
  | 'notify_oversize'
  | 'udp_error'
  | 'stream_error'
  | 'stream_backlog'
  | 'stream_refused'
  | 'stream_slow'
  | 'stream_idle'
  | 'tls_handshake_failed'
  | 'rate_limited'
  | 'stun'
  | 'no_reply_path';

/** What the transports tell the rest of the edge. */
export interface Inbound {
  /** Whether SIP from this address is taken; a refusal is counted. */
  admits(address: string): boolean;
  response(text: ByteString): void;
  /** `connection`: the stream it came on; null for a datagram. */
  request(text: ByteString, flow: Flow, connection: Connection | null): void;
  opened(connection: Connection): void;
  closed(connection: Connection): void;
  count(name: EdgeCount): void;
  /** Counts what was dropped or ended, and says it once of each address. */
  refused(name: EdgeCount, address: string): void;
  /** A datagram of STUN that came from there; gives the answer, or null when there is none. */
  stun(text: ByteString, address: string, port: number): ByteString | null;
}
