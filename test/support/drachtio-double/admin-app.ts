import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { DrachtioServer } from '../../../src/edge/drachtio/drachtio-server.ts';
import { Mailbox } from '../mailbox.ts';
import { frame } from './frames.ts';

/** One message of drachtio-server. */
export interface AdminMessage {
  /** Between the bars of the first line. */
  readonly tokens: readonly string[];
  /** The SIP message, '' when there is none. */
  readonly sip: string;
}

/** Connects without drachtio-srf: for tests of drachtio-server itself, real or double. */
export async function openAdminApp({ host, port }: DrachtioServer): Promise<AdminApp> {
  const socket = connect({ host, port, noDelay: true });
  await once(socket, 'connect');
  return new AdminApp(socket);
}

/** An application by hand. */
export class AdminApp {
  /** What came and is no answer: requests, and responses to requests. */
  readonly events = new Mailbox<AdminMessage>('message of drachtio-server');
  readonly #socket: Socket;
  readonly #answers = new Map<string, Mailbox<AdminMessage>>();
  #received = Buffer.alloc(0);
  #ids = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  get closed(): boolean {
    return this.#socket.closed;
  }

  /** Sends one message and waits for its answer, from `OK`, `NOK` or `NO` on. */
  ask(text: string, ms?: number): Promise<readonly string[]> {
    return this.post(text)(ms);
  }

  /** Sends one message; the function given back waits for its answer. */
  post(text: string): (ms?: number) => Promise<readonly string[]> {
    this.#ids += 1;
    const id = `id${this.#ids}`;
    const answer = new Mailbox<AdminMessage>(`answer to ${text.slice(0, 40)}`);
    this.#answers.set(id, answer);
    this.#socket.write(frame(`${id}|${text}`));
    return async (ms) => (await answer.next(ms)).tokens.slice(3);
  }

  /** What `send` writes leaves in one piece. */
  together(send: () => void): void {
    this.#socket.cork();
    send();
    this.#socket.uncork();
  }

  /** The next request for this application. */
  request(): Promise<AdminMessage> {
    return this.events.until(({ sip }) => !sip.startsWith('SIP/2.0'));
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    if (!this.#socket.closed) await once(this.#socket, 'close');
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const hash = this.#received.indexOf('#');
      const end = hash + 1 + Number(this.#received.toString('latin1', 0, hash));
      if (hash === -1 || this.#received.length < end) return;
      this.#read(this.#received.toString('utf8', hash + 1, end));
      this.#received = this.#received.subarray(end);
    }
  }

  #read(text: string): void {
    const lineEnd = text.indexOf('\r\n');
    const tokens = (lineEnd === -1 ? text : text.slice(0, lineEnd)).split('|');
    const message = { tokens, sip: lineEnd === -1 ? '' : text.slice(lineEnd + 2) };
    if (tokens[1] === 'response') this.#answers.get(tokens[2] ?? '')?.push(message);
    else this.events.push(message);
  }
}
