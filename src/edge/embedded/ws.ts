import { isUtf8 } from 'node:buffer';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { Flow, ListenPoint } from '../../ports/edge.ts';
import type { Inbound } from './inbound.ts';
import { isResponse } from './is-response.ts';
import type { Connection } from './path.ts';
import { streamFlow } from './stream-flow.ts';
import { listening, portOf, type StreamOptions } from './tcp.ts';
import { admitsOrigin, type OriginRule } from './ws-origin.ts';

/** A peer that leaves this much unread is not reading: its connection is closed. */
const BACKLOG_OCTETS = 1024 * 1024;
/** RFC 7118 §4.1: the WebSocket subprotocol of SIP. */
const SUBPROTOCOL = 'sip';
const CRLF = Buffer.from('\r\n', 'latin1');
/** RFC 6455 §7.4.1: the endpoint is going away. */
const GOING_AWAY = 1001;

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** What WebSocket connections need. */
export interface WsOptions extends StreamOptions {
  readonly pages: OriginRule;
}

/** Listens for WebSockets. Rejects with the error of the system. */
export async function listenWs(address: string, port: number, options: WsOptions): Promise<WsListener> {
  const server = createServer((_request, response) => {
    response.writeHead(426, { Upgrade: 'websocket', 'Sec-WebSocket-Protocol': SUBPROTOCOL }).end();
  });
  await listening(server, address, port);
  return new WsListener(server, address, options);
}

/** One open WebSocket listener (RFC 7118). */
export class WsListener {
  readonly point: ListenPoint;
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #pages: OriginRule;

  constructor(server: Server, address: string, options: WsOptions) {
    this.#server = server;
    this.#pages = options.pages;
    this.point = { transport: 'ws', address, port: portOf(server) };
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: options.maxMessageBytes,
      handleProtocols: () => SUBPROTOCOL,
    });
    server.on('upgrade', (request, socket, head) =>
      this.#upgrade({ request, socket, head }, options.inbound),
    );
    server.on('error', () => options.inbound.count('stream_error'));
  }

  /** Takes no more connections; those that are open stay. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #upgrade({ request, socket, head }: Upgrade, inbound: Inbound): void {
    const flow = streamFlow(request.socket, 'ws', this.point.port);
    socket.on('error', () => inbound.count('stream_error'));
    if (!inbound.admits(flow.remoteAddress)) {
      socket.destroy();
    } else if (!admitsOrigin(this.#pages, request.headers.origin, request.headers.host)) {
      // RFC 6455 §10.2: the page of another site would act from within this network.
      inbound.count('foreign_origin');
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    } else if (!offers(request.headers['sec-websocket-protocol'])) {
      // RFC 7118 §4.1: a client that does not offer `sip` speaks something else.
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    } else {
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        inbound.opened(new WsConnection(webSocket, flow, inbound));
      });
    }
  }
}

function offers(protocols: string | undefined): boolean {
  return (protocols ?? '').split(',').some((protocol) => protocol.trim().toLowerCase() === SUBPROTOCOL);
}

class WsConnection implements Connection {
  readonly reliable = true;
  readonly flow: Flow;
  inFlight = 0;
  readonly #socket: WebSocket;
  readonly #inbound: Inbound;

  constructor(socket: WebSocket, flow: Flow, inbound: Inbound) {
    this.flow = flow;
    this.#socket = socket;
    this.#inbound = inbound;
    socket.on('message', (data) => this.#receive(data));
    socket.on('error', () => this.#inbound.count('stream_error'));
    socket.on('close', () => this.#inbound.closed(this));
  }

  get open(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(bytes: Buffer): void {
    if (!this.open) return;
    if (this.#socket.bufferedAmount > BACKLOG_OCTETS) {
      this.#inbound.count('stream_backlog');
      this.#socket.terminate();
    } else {
      // RFC 7118 §4.2: text frames hold UTF-8 only; a browser closes the connection over anything else.
      this.#socket.send(bytes, { binary: !isUtf8(bytes) });
    }
  }

  close(): void {
    this.#socket.close(GOING_AWAY);
  }

  destroy(): void {
    this.#socket.terminate();
  }

  /** RFC 7118 §4.2: each WebSocket message is one SIP message, or the keep-alive of RFC 5626. */
  #receive(data: RawData): void {
    const text = Buffer.isBuffer(data) ? data.toString('latin1') : '';
    if (text === '\r\n\r\n') this.send(CRLF);
    if (text.trim() === '') this.#inbound.count('keepalive');
    else if (isResponse(text)) this.#inbound.response(text);
    else this.#inbound.request(text, this.flow, this);
  }
}
