import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import DrachtioSrf from 'drachtio-srf';

/** Headers as drachtio-srf takes them: one text for each name, several values joined with commas. */
export type SrfHeaders = Record<string, string>;

/** A request to send, as `srf.request` takes it. drachtio-srf writes into the object. */
interface SrfOutgoing {
  readonly method: string;
  readonly uri: string;
  readonly headers: SrfHeaders;
  /** Sends inside this dialog of drachtio-server. */
  readonly stackDialogId: string;
}

/** A request that drachtio-server handed over. */
export interface SrfRequest {
  readonly method: string;
  /** The SIP message as text: what was no UTF-8 on the wire is U+FFFD already. */
  readonly msg: { readonly raw: string };
  readonly source_address: string;
  readonly source_port: number;
  /** `udp`, `tcp` or `tls`; WebSocket is reported as `tcp`. */
  readonly protocol: string;
  /** Empty when drachtio-server knows no dialog with this Call-ID and From tag. */
  readonly stackDialogId?: string;
  /** `address:port`; absent inside a dialog. */
  readonly receivedOn?: string;
  /** `network`, or `application` for a BYE that drachtio-server has sent by itself: an ACK never came. */
  readonly source: string;
  /** Of an INVITE: its caller gave up, and drachtio-server has answered 487. */
  on(event: 'cancel', listener: () => void): void;
}

/** The answer to give to a request of drachtio-server. */
export interface SrfAnswer {
  send(
    status: number,
    reason: string | undefined,
    options: { headers: SrfHeaders; body?: string },
    sent: (error: unknown) => void,
  ): void;
}

export type SrfNext = () => void;

/** What this edge uses of an `Srf` object: its own types lack `use` with a verb and have `request` wrong. */
export interface Srf extends EventEmitter {
  use(handler: (request: SrfRequest, answer: SrfAnswer, next: SrfNext) => void): void;
  use(verb: string, handler: (request: SrfRequest, answer: SrfAnswer, next: SrfNext) => void): void;
  connect(options: SrfConnect): unknown;
  /** Throws while there is no connection. The callback is lost when the connection is. */
  request(options: SrfOutgoing, sent: (error: unknown) => void): void;
  unregisterForMessages(verb: string): void;
  /** `client` is there from `connect` on. */
  readonly app: { readonly client?: { readonly wp: WireProtocol } };
}

export interface SrfConnect {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly reconnect: { readonly retryMaxDelay: number };
  readonly enablePing: boolean;
  /** ms, at least 5000. */
  readonly pingInterval: number;
}

/** The connection below an `Srf`: the only place where its sockets and its plan to connect again can be reached. */
export interface WireProtocol extends EventEmitter {
  on(event: 'connect' | 'close', listener: (socket: Socket) => void): this;
  closing?: boolean;
  readonly reconnectVars?: { readonly retryTimer?: NodeJS.Timeout | null };
}

/** A new, unconnected `Srf`. One serves one drachtio-server: it cannot hold more sockets than one. */
export function createSrf(): Srf {
  // The published types describe another `request` and no `use` with a verb.
  return new DrachtioSrf() as unknown as Srf;
}
