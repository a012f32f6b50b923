import { splitList } from '../../../src/sip/list.ts';
import { type ByteString, headerOf, type SipMessage } from '../../../src/sip/message.ts';
import { parseMessage } from '../../../src/sip/parse.ts';
import { parseVia } from '../../../src/sip/via.ts';
import { AdminPort, type SipCommand } from './admin-port.ts';
import { readAppText } from './app-text.ts';
import { Connections } from './connections.ts';
import type { Dialog } from './dialogs.ts';
import { Sending } from './sending.ts';
import { Serving } from './serving.ts';
import { type Hop, SipPort } from './sip-port.ts';

export interface DoubleOptions {
  readonly secret?: string;
  /** ms; the real server makes it at least 1000. */
  readonly t1?: number;
}

/**
 * A double of drachtio-server 0.9.10: its TCP protocol on one side, real SIP on UDP and TCP on the other, with the
 * faults of the real one that an application has to live with. What it does not have: WebSocket, TLS, names in
 * DNS, and the 503 at once when a UDP port is closed.
 */
export class DrachtioDouble {
  adminPort = 0;
  readonly admin: AdminPort;
  readonly #sip = new SipPort((text, hop) => this.#hear(text, hop));
  readonly #dialogs = new Map<string, Dialog>();
  readonly #connections = new Connections();
  readonly #serving: Serving;
  readonly #sending: Sending;

  constructor({ secret = 'cymru', t1 = 1000 }: DoubleOptions = {}) {
    this.admin = new AdminPort({
      secret,
      hostports: () => this.#hostports(),
      command: (command) => this.#obey(command),
    });
    const parts = {
      admin: this.admin,
      sip: this.#sip,
      dialogs: this.#dialogs,
      connections: this.#connections,
    };
    this.#serving = new Serving(parts, { t1, unacknowledged: (dialog) => this.#sending.bye(dialog) });
    this.#sending = new Sending(parts, this.#serving, t1);
  }

  /** Listens, on the ports it had before if it was stopped. */
  async start(): Promise<void> {
    await this.#sip.open(this.#sip.port);
    this.adminPort = await this.admin.open(this.adminPort);
  }

  /** Dies with all it knew. */
  async stop(): Promise<void> {
    this.#sending.clear();
    this.#serving.clear();
    this.#dialogs.clear();
    this.#connections.clear();
    await this.admin.close();
    await this.#sip.close();
  }

  get sipPort(): number {
    return this.#sip.port;
  }

  /** How many dialogs it keeps. */
  get dialogCount(): number {
    return this.#dialogs.size;
  }

  #hostports(): string {
    const place = `127.0.0.1:${this.#sip.port}`;
    return `tcp/${place},udp/${place}`;
  }

  #hear(text: ByteString, hop: Hop): void {
    const read = parseMessage(text);
    if (read.kind === 'fault') {
      const status = read.status === 505 ? 505 : 400;
      if (read.request !== null && hasVia(read.request))
        this.#serving.answerItself(read.request, hop, status);
    } else if (!hasVia(read.message)) return;
    else if (read.message.kind === 'response') this.#sending.hear(read.message, hop);
    else this.#serving.hear(read.message, hop);
  }

  #obey(command: SipCommand): void {
    const text = readAppText(command.text);
    if (text.startLine.startsWith('SIP/')) this.#serving.respond(command, text);
    else if (command.dialogId !== '') this.#sending.inDialog(command, text);
    else this.#sending.outOfDialog(command, text);
  }
}

/** Without a Via that can be read a message is dropped. */
function hasVia(message: SipMessage): boolean {
  return parseVia(splitList(headerOf(message, 'via') ?? '')[0] ?? '') !== null;
}
