import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import DrachtioSrf from 'drachtio-srf';

/** A request to send, as `srf.request` takes it. drachtio-srf writes into the object. */
interface SrfOutgoing {
  readonly method: string;
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sends inside this dialog of drachtio-server. */
  readonly stackDialogId: string;
}

/** A request that drachtio-server handed over, as drachtio-srf has read it. */
export interface SrfRequest {
  readonly method: string;
  readonly source_address: string;
  readonly source_port: number;
  readonly protocol: string;
  /** `address:port`; absent inside a dialog. */
  readonly receivedOn?: string;
  /** The SIP message as text: what was no UTF-8 on the wire is U+FFFD already. */
  readonly msg: { readonly raw: string };
  readonly stackDialogId?: string;
  /** `network`, or `application` for a BYE that drachtio-server has sent by itself. */
  readonly source: string;
  readonly stackTxnId: string;
  readonly agent: SrfAgent;
  readonly socket: Socket;
  get(header: string): string;
  /** Of an INVITE: its caller gave up, and drachtio-server has answered 487. */
  on(event: 'cancel', listener: () => void): void;
}

type SrfHandler = (request: SrfRequest, answer: unknown, next: () => void) => void;

/** What this edge uses of an `Srf` object: its own types lack `use` with a verb and have `request` wrong. */
export interface Srf extends EventEmitter {
  use(handler: SrfHandler): void;
  use(verb: string, handler: SrfHandler): void;
  connect(options: SrfConnect): unknown;
  /** Throws while there is no connection. The callback is lost when the connection is. */
  request(options: SrfOutgoing, sent: (error: unknown) => void): void;
  unregisterForMessages(verb: string): void;
  /** `client` is there from `connect` on. */
  readonly app: { readonly client?: SrfAgent };
}

interface SrfAgent {
  readonly wp: WireProtocol;
  /** What it knows of each connection: the INVITEs without final response, by Call-ID. */
  readonly mapServer: ReadonlyMap<Socket, { readonly pendingNetworkInvites: Map<string, unknown> }>;
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
  /** A message of drachtio-server, without its length. */
  on(event: 'msg', listener: (socket: Socket, message: string) => void): this;
  closing?: boolean;
  readonly reconnectVars?: { readonly retryTimer?: NodeJS.Timeout | null };
}

/** drachtio-srf keeps an INVITE for its CANCEL until it has sent the final response; one that it does not send ends here. */
export function forgetInvite(invite: SrfRequest): void {
  invite.agent.mapServer.get(invite.socket)?.pendingNetworkInvites.delete(invite.get('call-id'));
}

/** A new, unconnected `Srf`. One serves one drachtio-server: it cannot hold more sockets than one. */
export function createSrf(): Srf {
  // The published types describe another `request` and no `use` with a verb.
  return new DrachtioSrf() as unknown as Srf;
}
