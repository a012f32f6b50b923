import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { FrameReader, frame } from './frames.ts';

/** One connection of an application. */
export interface AdminClient {
  readonly socket: Socket;
  /** One entry for each `route` message: a repeated one doubles its share. */
  readonly verbs: string[];
  open: boolean;
}

/** A `sip|` message of an application. */
export interface SipCommand {
  readonly id: string;
  readonly client: AdminClient;
  readonly transactionId: string;
  readonly dialogId: string;
  readonly routeUrl: string;
  readonly text: string;
}

const READ_EVERY_MS = 1;

export interface AdminPortOptions {
  readonly secret: string;
  /** `udp/127.0.0.1:5060,tcp/127.0.0.1:5060` */
  hostports(): string;
  command(command: SipCommand): void;
}

/** The admin port of drachtio-server: applications connect here. */
export class AdminPort {
  readonly clients = new Set<AdminClient>();
  /** While true nothing is read from applications, nor answered. */
  hangs = false;
  /** All messages of applications, in order. */
  readonly received: string[] = [];
  /** How many pieces they came in. */
  chunks = 0;
  /** ms after which messages of clients that asked for verbs are read: their connections are then slower than the others. */
  readVerbsAfterMs = READ_EVERY_MS;
  /** The same for clients that asked for none. */
  readOthersAfterMs = READ_EVERY_MS;
  /** How many connections there have been. */
  connections = 0;
  readonly #options: AdminPortOptions;
  #server: Server | null = null;

  constructor(options: AdminPortOptions) {
    this.#options = options;
  }

  /** Listens; gives the port. */
  async open(port: number): Promise<number> {
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Cuts every application off and stops listening, as the death of the process does. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.cutOff();
    if (server !== null) await new Promise((done) => server.close(done));
  }

  cutOff(): void {
    for (const client of this.clients) client.socket.destroy();
  }

  /** Hands a message of SIP or an answer to one application. */
  send(client: AdminClient, tokens: readonly string[], sip?: string): void {
    const meta = [randomUUID(), ...tokens].join('|');
    if (client.open) client.socket.write(frame(sip === undefined ? meta : `${meta}\r\n${sip}`));
  }

  /** Answers that a message cannot be carried out. */
  refuse({ client, id }: SipCommand, reason: string): void {
    this.send(client, ['response', id, 'NOK', reason]);
  }

  /** Writes octets that are no frame. */
  garble(): void {
    for (const client of this.clients) client.socket.write('SIP/2.0 200 OK#no length here');
  }

  #accept(socket: Socket): void {
    const client: AdminClient = { socket, verbs: [], open: true };
    const reader = new FrameReader();
    this.clients.add(client);
    this.connections += 1;
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => {
      client.open = false;
      this.clients.delete(client);
    });
    let unread: Buffer[] = [];
    const read = (): void => {
      const chunk = Buffer.concat(unread);
      unread = [];
      for (const message of reader.push(chunk)) this.#take(client, message);
      if (reader.state === 'broken') socket.destroy();
    };
    socket.on('data', (chunk: Buffer) => {
      if (this.hangs) return;
      this.chunks += 1;
      // As if it were busy: what was written in a row is then there at once when it reads.
      const wait = client.verbs.length > 0 ? this.readVerbsAfterMs : this.readOthersAfterMs;
      if (unread.length === 0) setTimeout(read, wait);
      unread.push(chunk);
    });
  }

  #take(client: AdminClient, message: string): void {
    this.received.push(message);
    const end = message.indexOf('\r\n');
    const [id = '', kind, ...rest] = (end === -1 ? message : message.slice(0, end)).split('|');
    const answer = (...tokens: string[]) => this.send(client, ['response', id, ...tokens]);
    if (kind === 'authenticate') this.#authenticate(client, rest[0] ?? '', answer);
    else if (kind === 'route') this.#route(client, rest[0] ?? '', answer);
    else if (kind === 'remove_route') {
      // A fault of the real one: every verb of the client is removed.
      client.verbs.length = 0;
      answer('OK');
    } else if (kind === 'ping') answer('OK', 'pong');
    else if (kind === 'sip') this.#sip(client, { id, rest, text: message.slice(end + 2) });
    else
      this.#turnAway(client, answer, kind === undefined ? 'Invalid message format' : 'Unknown message type');
  }

  #authenticate(client: AdminClient, secret: string, answer: (...tokens: string[]) => void): void {
    if (secret !== this.#options.secret) {
      this.#turnAway(client, answer, 'incorrect secret');
      return;
    }
    const hostports = this.#options.hostports();
    answer('OK', hostports, 'v0.9.10', hostports);
  }

  #route(client: AdminClient, verb: string, answer: (...tokens: string[]) => void): void {
    client.verbs.push(verb);
    answer('OK');
  }

  #turnAway(client: AdminClient, answer: (...tokens: string[]) => void, reason: string): void {
    answer('NO', reason);
    client.socket.end();
  }

  #sip(client: AdminClient, { id, rest, text }: { id: string; rest: readonly string[]; text: string }): void {
    const [transactionId = '', dialogId = '', routeUrl = ''] = rest;
    this.#options.command({ id, client, transactionId, dialogId, routeUrl, text });
  }
}
