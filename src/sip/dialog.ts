import type { ByteString } from './message.ts';

/** The state of a dialog on our side, the UAS of the SUBSCRIBE that formed it (RFC 3261 §12.1.1). */
export interface Dialog {
  readonly callId: ByteString;
  /** Our tag: the To-tag of our 2xx. */
  readonly localTag: ByteString;
  /** The phone's tag: the From-tag of its SUBSCRIBE. May be empty (RFC 2543 phones). */
  readonly remoteTag: ByteString;
  /** The To of the SUBSCRIBE as a name-addr without its tag: the From of our NOTIFYs. */
  readonly localUri: ByteString;
  /** The From of the SUBSCRIBE as a name-addr without its tag: the To of our NOTIFYs. */
  readonly remoteUri: ByteString;
  /** The URI in our Contact. */
  readonly localTarget: ByteString;
  /** The URI in the phone's Contact: the Request-URI of our NOTIFYs; replaced by each refresh (§12.2.2). */
  readonly remoteTarget: ByteString;
  /** Record-Route of the SUBSCRIBE in received order, one name-addr each (§12.1.1). */
  readonly routeSet: readonly ByteString[];
  /** CSeq of the newest request heard from the phone. */
  readonly remoteCseq: number;
}
