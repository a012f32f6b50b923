import type { ByteString } from '../../sip/message.ts';

/** Where a request came from. */
export interface HeardFrom {
  /** IPv6 in brackets. */
  readonly address: string;
  readonly port: number;
  /** `udp`, `tcp` or `tls`; WebSocket is reported as `tcp`. */
  readonly protocol: string;
  /** The listener, `address:port`; '' when drachtio-server does not say: inside a dialog. */
  readonly receivedOn: string;
}

/** What drachtio-srf does about an INVITE. */
export interface HeardInvite {
  /** Its caller gave up, and drachtio-server has answered 487. */
  onCancel(listener: () => void): void;
  /** The final response is sent: no CANCEL is waited for. */
  forget(): void;
}

/** A request that drachtio-server handed over. */
export interface Heard extends HeardFrom {
  readonly method: string;
  /** The SIP message: what was no UTF-8 on the wire is U+FFFD already. */
  readonly text: ByteString;
  /** The name of its transaction: an answer that has it may come on any connection. */
  readonly transaction: string;
  /** Empty when drachtio-server knows no dialog with this Call-ID and From tag. */
  readonly dialogId: ByteString;
  /** A BYE that drachtio-server has sent by itself: an ACK never came. */
  readonly isOwn: boolean;
  /** Null unless it is an INVITE. */
  readonly invite: HeardInvite | null;
}
