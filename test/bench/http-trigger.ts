import { connect, type Socket } from 'node:net';
import { HOST, REALM, userOf } from './phone-text.ts';
import type { LampId, Trigger, TriggerHandlers } from './trigger.ts';

/** Connections that are kept open; each has one request under way at most. */
const CONNECTIONS = 16;

/** Changes states by PUT on the HTTP API, with requests that are written by hand: the phones' core is short of time. */
export function createHttpTrigger(port: number, handlers: TriggerHandlers): Trigger {
  const waiting: LampId[] = [];
  const free: HttpConnection[] = [];
  const next = (connection: HttpConnection) => {
    const lamp = waiting.shift();
    if (lamp === undefined) free.push(connection);
    else connection.put(lamp);
  };
  const all = Array.from({ length: CONNECTIONS }, () => new HttpConnection(port, handlers, next));
  free.push(...all);
  return {
    change: (lamp) => {
      const connection = free.pop();
      if (connection === undefined) waiting.push(lamp);
      else connection.put(lamp);
    },
    repeat: () => {},
    close: () => {
      for (const connection of all) connection.close();
    },
  };
}

class HttpConnection {
  readonly #port: number;
  readonly #handlers: TriggerHandlers;
  #socket: Socket | null = null;
  readonly #done: (connection: HttpConnection) => void;
  #lamp: LampId | null = null;
  #text = '';

  constructor(port: number, handlers: TriggerHandlers, done: (connection: HttpConnection) => void) {
    this.#port = port;
    this.#handlers = handlers;
    this.#done = done;
  }

  put(lamp: LampId): void {
    this.#lamp = lamp;
    this.#socket ??= this.#connect();
    const body = `{"status":"${lamp.busy ? 'busy' : 'ringing'}"}`;
    const path = `/v1/realms/${REALM}/presence/${userOf(lamp.id)}`;
    const head = `PUT ${path} HTTP/1.1\r\nHost: ${HOST}\r\nContent-Type: application/json\r\n`;
    this.#socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
  }

  close(): void {
    this.#socket?.destroy();
  }

  /** The server closes what was idle for a few seconds; the next change connects again. */
  #connect(): Socket {
    const socket = connect({ port: this.#port, host: HOST, noDelay: true });
    socket.on('data', (bytes) => this.#read(bytes.toString('latin1')));
    socket.on('error', (error) => console.error(`A change failed: ${error.message}`));
    socket.on('close', () => {
      this.#socket = null;
    });
    return socket;
  }

  #read(part: string): void {
    this.#text += part;
    if (!isComplete(this.#text)) return;
    const text = this.#text;
    const lamp = this.#lamp;
    this.#text = '';
    this.#lamp = null;
    if (lamp !== null) {
      if (text.startsWith('HTTP/1.1 200')) this.#handlers.accepted(lamp);
      else this.#handlers.refused(lamp, text);
    }
    this.#done(this);
  }
}

function isComplete(text: string): boolean {
  const body = text.indexOf('\r\n\r\n') + 4;
  if (body === 3) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  return length === undefined ? text.endsWith('\r\n0\r\n\r\n') : text.length >= body + Number(length);
}
