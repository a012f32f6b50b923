import { isUtf8 } from 'node:buffer';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { Flow } from '../../ports/edge.ts';
import type { Inbound } from './inbound.ts';
import { isResponse } from './is-response.ts';
import type { Lifeline } from './lifeline.ts';
import type { Connection } from './path.ts';
import { BACKLOG_OCTETS } from './stream.ts';
import type { Accepted, Protocol, StreamOptions } from './stream-listener.ts';
import { admitsOrigin, type OriginRule } from './ws-origin.ts';

/** RFC 7118 §4.1: the WebSocket subprotocol of SIP. */
const SUBPROTOCOL = 'sip';
const CRLF = Buffer.from('\r\n', 'latin1');
/** RFC 6455 §7.4.1: the endpoint is going away. */
const GOING_AWAY = 1001;
const WHOLE = Object.freeze({ whole: true, partial: false });

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** What WebSocket connections need. */
export interface WsOptions extends StreamOptions {
  readonly pages: OriginRule;
}

/** SIP in WebSockets (RFC 7118), on TCP or inside TLS. */
export function sipWebSocket(options: WsOptions): Protocol {
  const door = new WsDoor(options);
  return (accepted) => door.take(accepted);
}

/** The HTTP server that opens WebSockets. It listens nowhere itself: streams are handed to it. */
class WsDoor {
  readonly #options: WsOptions;
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #waiting = new WeakMap<Duplex, Accepted>();

  constructor(options: WsOptions) {
    this.#options = options;
    this.#server = createServer((_request, response) => {
      response.writeHead(426, { Upgrade: 'websocket', 'Sec-WebSocket-Protocol': SUBPROTOCOL }).end();
    });
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: options.maxMessageBytes,
      handleProtocols: () => SUBPROTOCOL,
    });
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade({ request, socket, head }));
  }

  take(accepted: Accepted): void {
    this.#waiting.set(accepted.socket, accepted);
    this.#server.emit('connection', accepted.socket);
  }

  #upgrade({ request, socket, head }: Upgrade): void {
    const { inbound, pages } = this.#options;
    const accepted = this.#waiting.get(socket);
    if (accepted === undefined) {
      socket.destroy();
    } else if (!admitsOrigin(pages, request.headers.origin, request.headers.host)) {
      // RFC 6455 §10.2: the page of another site would act from within this network.
      inbound.count('foreign_origin');
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    } else if (!offers(request.headers['sec-websocket-protocol'])) {
      // RFC 7118 §4.1: a client that does not offer `sip` speaks something else.
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    } else {
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        inbound.opened(new WsConnection(webSocket, accepted, inbound));
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
  readonly #lifeline: Lifeline;

  constructor(socket: WebSocket, { flow, lifeline }: Accepted, inbound: Inbound) {
    this.flow = flow;
    this.#socket = socket;
    this.#inbound = inbound;
    this.#lifeline = lifeline;
    // RFC 6455 §5.5.2: a page that is gone, or a frame that never ends, leaves pings unanswered.
    lifeline.ping = () => socket.ping();
    this.#heard();
    socket.on('message', (data) => this.#receive(data));
    socket.on('pong', () => this.#heard());
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
    this.#heard();
    const text = Buffer.isBuffer(data) ? data.toString('latin1') : '';
    if (text === '\r\n\r\n') this.send(CRLF);
    if (text.trim() === '') this.#inbound.count('keepalive');
    else if (isResponse(text)) this.#inbound.response(text);
    else this.#inbound.request(text, this.flow, this);
  }

  #heard(): void {
    this.#lifeline.heard(performance.now(), WHOLE);
  }
}
