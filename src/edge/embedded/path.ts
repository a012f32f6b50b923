import type { Flow } from '../../ports/edge.ts';

/** A way on which octets can be sent, already resolved. */
export interface Path {
  /** True on streams: nothing is sent twice (RFC 3261 §17.1.2.2). */
  readonly reliable: boolean;
  /** False when nothing can be sent on it any more. */
  readonly open: boolean;
  /** Sends one message. Errors show in `open` or in Timer F. */
  send(bytes: Buffer): void;
}

/** A stream (TCP, WebSocket) to one peer, opened by either side. */
export interface Connection extends Path {
  readonly flow: Flow;
  /** Client transactions that wait for an answer here. */
  inFlight: number;
  /** Sends what is buffered, then closes. */
  close(): void;
  /** Closes at once. */
  destroy(): void;
}

/** A way that was found: `connection` is the path itself when that is a stream. */
export interface FoundPath {
  readonly path: Path;
  readonly connection: Connection | null;
}
