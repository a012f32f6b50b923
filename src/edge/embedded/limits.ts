/** What one source, and all together, may take of the edge. Times in ms. */
export interface EdgeLimits {
  /** Streams that are open at once. */
  readonly connections: number;
  readonly connectionsPerSource: number;
  /** New requests, and new streams, of one source. */
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
  /** How long a handshake, and each message from its first octet, may take to be whole. */
  readonly messageMs: number;
  /** How long nothing at all may be heard on a stream. */
  readonly idleMs: number;
  /** After how long a silence a WebSocket is asked whether it is there. */
  readonly pingMs: number;
  /** Sources that are not limited, such as a proxy with many phones behind it. */
  exempts(address: string): boolean;
}
