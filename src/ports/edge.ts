import type { ByteString, SipRequest } from '../sip/message.ts';
import type { SubscriptionRecord } from './subscriptions.ts';

export type Transport = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

/** Where a phone was last heard (the word is RFC 5626's). Addresses are numeric, without brackets or zone. */
export interface Flow {
  readonly transport: Transport;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
}

/** What a SIP stack of its own (drachtio-server) must be told so that it sends in a dialog it keeps. */
export interface StackDialog {
  /** Which of the configured servers heard the phone: `host:port` of its admin port. */
  readonly server: string;
  readonly dialogId: string;
  /** Flow and Contact of the SUBSCRIBE that formed the dialog: the server never learns later ones. */
  readonly flow: Flow;
  readonly target: ByteString;
  /** False once a NOTIFY must go outside the server's dialog; never true again after that. */
  readonly inDialog: boolean;
}

/** One request from the wire. A retransmission is never handed over a second time. */
export interface IncomingRequest {
  readonly message: SipRequest;
  readonly flow: Flow;
}

/**
 * A response as the application decides it. The edge adds Via, From, To, Call-ID, CSeq, Contact and Content-Length, and
 * echoes Record-Route where a dialog is formed (RFC 3261 §12.1.1).
 */
export interface Answer {
  readonly status: number;
  /** Absent: the standard phrase of the status. */
  readonly reason?: string;
  /** The tag to put on To if the request has none there. Absent: the edge makes one for finals above 100. */
  readonly toTag?: string;
  /** Name, value, name, value ... */
  readonly headers: readonly ByteString[];
  readonly body?: ByteString;
  /**
   * The request came in a datagram whose sender may be somebody else. The answer is sent once, nothing is kept of it, and
   * it has no more octets than the request: header fields are left out for that, or it is not sent at all.
   */
  readonly unproven?: true;
}

/** What makes one NOTIFY differ from the one before in its dialog. */
export interface Notify {
  readonly cseq: number;
  /** The value of Subscription-State (RFC 6665 §4.1.3). */
  readonly subscriptionState: ByteString;
  /** Empty: a NOTIFY without body. */
  readonly contentType: ByteString;
  readonly body: ByteString;
  /** A shorter body of the same type that says the same with less detail, for where `body` is too large. */
  readonly brief?: ByteString;
  /** Header fields besides those that every NOTIFY has: name, value, name, value ... */
  readonly headers: readonly ByteString[];
  /** True for the last NOTIFY of the subscription. */
  readonly last: boolean;
}

/** A place for one subscription's NOTIFYs. The application owns it; the edge may keep what it prepared in `cache`. */
export interface NotifySlot {
  readonly record: SubscriptionRecord;
  /** The edge's own; the application sets it to null whenever `record` is replaced. */
  cache: unknown;
  /** True once nothing more may go to the phone, and who owns the subscription now has numbers above ours: an edge that retransmits by itself ends that. */
  readonly isOver?: boolean;
}

/** How a NOTIFY ended. */
export type NotifyResult =
  | { readonly kind: 'answered'; readonly status: number /** seconds */; readonly retryAfter: number | null }
  /** No final response within 64*T1 (Timer F). */
  | { readonly kind: 'timeout' }
  /** There is no way to the phone: its connection is closed and its Contact cannot be reached. */
  | { readonly kind: 'unreachable' }
  /** The edge itself cannot send, or cannot hear, now. It says nothing of the phone; `restored` follows. */
  | { readonly kind: 'away' };

/** What the application does with what an edge hears. No method may throw. */
export interface EdgeHandlers {
  /**
   * A request that has passed `inspectRequest` and `inspectSips`, other than ACK, CANCEL and BYE, and other than an INVITE inside a dialog:
   * what is left the edge settles itself. Exactly one final `respond` follows, at once or later. An INVITE has had its
   * 100 Trying.
   */
  request(request: IncomingRequest): void;
  /** The caller of an INVITE gave up before its final response; the edge has answered it with 487 (RFC 3261 §9.2), and no `respond` follows. */
  cancelled(request: IncomingRequest): void;
  /** The end of a NOTIFY: exactly one call for each `notify`. May call `notify` again. */
  settled(slot: NotifySlot, result: NotifyResult): void;
  /** The stack numbers the NOTIFYs in its dialogs itself: this is the CSeq it used. */
  numbered(slot: NotifySlot, cseq: number): void;
  /** A phone is there: it has answered a keep-alive that was sent on this flow. */
  alive(flow: Flow): void;
  /** A stream (TCP, TLS, WS) was closed. */
  closed(flow: Flow): void;
  /** The edge can send again after a time when it could not. */
  restored(): void;
}

/** What an edge listens on, for the start line and the page. */
export interface ListenPoint {
  readonly transport: Transport;
  readonly address: string;
  readonly port: number;
}

/** A server of somebody else that an edge speaks SIP through. */
export interface EdgeServer {
  /** As `StackDialog.server` has it. */
  readonly name: string;
  readonly ready: boolean;
  /** Requests of ours that it was given since the start. */
  readonly requests: number;
}

/** What speaks SIP on the wire for us. */
export interface Edge {
  /** Opens every listener, or rejects with PORT_TAKEN or EDGE_AWAY; nothing is delivered before it resolves. */
  start(handlers: EdgeHandlers): Promise<void>;
  /** No new requests are delivered after this; NOTIFYs in flight still settle. */
  quiesce(): void;
  /** Closes everything; NOTIFYs still in flight are not settled any more. */
  stop(): Promise<void>;
  listening(): readonly ListenPoint[];
  /** False while nothing can be sent (no drachtio-server is connected). */
  ready(): boolean;
  /** The servers that it works through, in the order of the configuration; none when it speaks SIP itself. */
  servers(): readonly EdgeServer[];
  /** How many messages wait here until the stack behind this edge has room for them; what is sent now would wait, too. */
  backlog(): number;
  /** The URI of our Contact for a phone on this flow, e.g. `sip:192.0.2.1:5060;transport=tcp`. */
  contactFor(request: IncomingRequest): ByteString;
  /** Sends the response. The bytes are handed to the wire before any `notify` that is called later. */
  respond(request: IncomingRequest, answer: Answer): void;
  /**
   * Ends the call that a 2xx to this INVITE has set up: BYE in its dialog, once the ACK has come (RFC 3261 §15.1.1),
   * or when no ACK comes within 64*T1.
   */
  hangUp(request: IncomingRequest): void;
  /**
   * What the record must keep so that NOTIFYs can be sent after `request` was accepted; null for an edge
   * that needs nothing. `previous` is what the record had before a refresh.
   */
  stackFor(request: IncomingRequest, previous: StackDialog | null): StackDialog | null;
  /** Sends a NOTIFY with all retransmissions; `settled` follows exactly once, never during this call. */
  notify(slot: NotifySlot, notify: Notify): void;
  /**
   * Sends on the UDP flow of the record what keeps a NAT before the phone open. Nothing is settled; `alive` follows when
   * there is an answer, and silence means nothing.
   */
  keepAlive(slot: NotifySlot): void;
  /**
   * True if a NOTIFY of a subscription that another node has accepted gets from here to its phone, which hears no
   * difference. Streams that other nodes have are out of reach.
   */
  reaches(record: SubscriptionRecord): boolean;
  /**
   * Frees what the edge or its stack keeps of the dialog of an ended subscription, without a sound to the
   * phone. `told`: the last NOTIFY had `last` set, was sent in the dialog and has settled.
   */
  release(slot: NotifySlot, told: boolean): void;
}
