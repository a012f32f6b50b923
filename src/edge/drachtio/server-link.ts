import type { Socket } from 'node:net';
import type { Clock } from '../../ports/clock.ts';
import type { ListenPoint } from '../../ports/edge.ts';
import { toUtf8 } from '../../sip/utf8.ts';
import { AnswersDue } from './answers-due.ts';
import type { DrachtioServer } from './drachtio-server.ts';
import { endSocket } from './end-socket.ts';
import { guardSocket } from './guard-socket.ts';
import { LeanConnection } from './lean-connection.ts';
import type { LeanMessage, LeanRequest } from './lean-request.ts';
import { parseListenPoints } from './listen-points.ts';
import { createSrf, type Srf, type SrfRequest } from './srf.ts';

/** What happens on the connections to one drachtio-server. */
export interface LinkEvents {
  request(link: ServerLink, request: SrfRequest): void;
  /** Requests can be sent, and come in. */
  ready(link: ServerLink): void;
  /** A connection is lost: count on no answer to anything that was sent. */
  away(link: ServerLink): void;
  /** Something to write down, once for each time that a connection is lost. */
  trouble(link: ServerLink, what: string, error: unknown): void;
  /** Once a second while there is a connection. */
  tick(link: ServerLink): void;
}

/** Longer than what a phone sends at once is under way in drachtio-server and on its connection to us. */
const END_AFTER_MS = 100;

/** What drachtio-server is asked to hand over. Others it answers itself (503, 481) or drops. */
const VERBS: readonly string[] = [
  'subscribe',
  'publish',
  'options',
  'register',
  'message',
  'info',
  'notify',
  'invite',
  'refer',
];

/** A request in a dialog that no server has. */
const PROBE = { method: 'OPTIONS', uri: 'sip:x@dialog.invalid', stackDialogId: 'lamplighter' } as const;

const TICK_MS = 1000;
const PING_MS = 5000;
/** Two pings went unanswered. */
const SILENT_MS = 12_000;

/**
 * One drachtio-server, kept up and watched. Requests come in through drachtio-srf; the answers to them and requests of ours
 * leave on a lean connection beside it.
 */
export class ServerLink {
  /** `host:port`, as records name the server. */
  readonly name: string;
  readonly #server: DrachtioServer;
  readonly #clock: Clock;
  readonly #events: LinkEvents;
  readonly #srf: Srf = createSrf();
  readonly #lean: LeanConnection;
  readonly #answers = new AnswersDue();
  #socket: Socket | null = null;
  /** drachtio-server hands requests over. */
  #serves = false;
  #ready = false;
  #quiet = false;
  #stopped = false;
  #told = false;
  #points: readonly ListenPoint[] = [];
  #heardAt = 0;
  #tickedAt = 0;
  #cancelTick: () => void = () => {};

  constructor(server: DrachtioServer, clock: Clock, events: LinkEvents) {
    this.name = `${server.host}:${server.port}`;
    this.#server = server;
    this.#clock = clock;
    this.#events = events;
    this.#lean = new LeanConnection(server, clock, {
      ready: () => this.#judge(),
      away: () => this.#judge(),
      trouble: (what, error) => this.#trouble(what, error),
    });
  }

  /** True while both connections are there. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Requests of ours that it was given since the start. */
  get requests(): number {
    return this.#lean.requests;
  }

  /** Answers and requests that wait until drachtio-server has room. */
  get waiting(): number {
    return this.#lean.waiting;
  }

  /** What drachtio-server listens on, as it said when it was last connected. */
  get points(): readonly ListenPoint[] {
    return this.#points;
  }

  /** Connects, and connects again whenever the connection is lost, until `stop`. */
  connect(): void {
    const srf = this.#srf;
    const handler = (request: SrfRequest) => this.#hear(request);
    for (const verb of VERBS) srf.use(verb, handler);
    // In a dialog every method is handed over, also those that cannot be asked for.
    srf.use(handler);
    srf.on('error', (error) => this.#trouble('Cannot connect to', error));
    srf.on('connect', (error: unknown, hostports: string) => this.#onConnect(error, hostports ?? ''));
    const { host, port, secret } = this.#server;
    srf.connect({
      host,
      port,
      secret,
      // Without a bound drachtio-srf waits 1.7 times longer after each failure, for ever.
      reconnect: { retryMaxDelay: 1000 },
      enablePing: true,
      pingInterval: PING_MS,
    });
    srf.app.client?.wp.on('connect', (socket) => this.#onSocket(socket));
    srf.app.client?.wp.on('close', (socket) => this.#onClose(socket));
  }

  /** Sends the answer to a request when drachtio-server has room for it, in the order of calls. */
  answer(answer: LeanMessage, dialogId: string): void {
    this.#lean.post(answer);
    for (const end of this.#answers.given(dialogId)) this.#lean.post(end);
  }

  /**
   * Sends a request of ours when drachtio-server has room for it, behind the answers that were given before. Lost without a
   * word with the connection.
   */
  send(request: LeanRequest): void {
    this.#lean.post(request);
  }

  /**
   * The same for a request that ends its dialog: it goes behind the answers to all that was heard in that, and a little
   * later than asked, for what the phone has just sent may not have been heard. drachtio-server would answer it 500.
   */
  sendEnd(request: LeanRequest, dialogId: string): void {
    this.#clock.after(END_AFTER_MS, () => {
      if (!this.#answers.holds(dialogId, request)) this.#lean.post(request);
    });
  }

  /** New requests go to other applications from now on. */
  quiesce(): void {
    // drachtio-srf throws when it has nothing to take back.
    if (!this.#serves || this.#quiet) return;
    this.#quiet = true;
    // drachtio-server forgets all verbs of a client at the first of these, but a mended one would not.
    for (const verb of VERBS) this.#srf.unregisterForMessages(verb);
  }

  /** Closes the connection once what was written is on the wire, and does not come back. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTick();
    const wp = this.#srf.app.client?.wp;
    if (wp !== undefined) wp.closing = true;
    clearTimeout(wp?.reconnectVars?.retryTimer ?? undefined);
    this.#serves = false;
    this.#ready = false;
    await Promise.all([endSocket(this.#socket, this.#clock), this.#lean.stop()]);
  }

  /**
   * What the phone has answered to a NOTIFY before it sent a SUBSCRIBE was written first, but on the other connection, and
   * must count first. It is read in the next turn of the event loop at the latest: this turn may have looked at that
   * connection before either was there.
   */
  #hear(request: SrfRequest): void {
    const deliver = () => this.#events.request(this, request);
    const dialogId = toUtf8(request.stackDialogId ?? '');
    if (dialogId !== '' && request.method !== 'ACK' && request.source === 'network')
      this.#answers.heard(dialogId);
    if (request.method === 'SUBSCRIBE' && this.#lean.busy) setImmediate(() => setImmediate(deliver));
    else deliver();
  }

  #onSocket(socket: Socket): void {
    this.#socket = socket;
    if (this.#stopped) {
      socket.destroy();
      return;
    }
    // drachtio-srf does this for the first socket only.
    socket.setNoDelay(true);
    guardSocket(socket, {
      heard: () => {
        this.#heardAt = this.#clock.now();
      },
      broken: (error) => this.#trouble('Cannot read from', error),
    });
  }

  #onConnect(error: unknown, hostports: string): void {
    if (this.#stopped) return;
    if (error) {
      this.#trouble('Cannot log in to', error);
      return;
    }
    // The socket may be gone again: drachtio-srf tells of the connection a turn of the event loop later.
    if (this.#socket === null || this.#socket.destroyed) return;
    this.#points = parseListenPoints(hostports);
    this.#heardAt = this.#clock.now();
    this.#startTicks();
    this.#lean.connect();
    this.#probe(this.#socket);
  }

  /**
   * drachtio-srf has asked for its verbs, but does not tell when drachtio-server took them; until then that refuses
   * requests with 503. It reads in order, so a request it must refuse shows that it has.
   */
  #probe(socket: Socket): void {
    this.#srf.request({ ...PROBE, headers: {} }, () => {
      if (this.#socket !== socket || this.#stopped) return;
      this.#serves = true;
      this.#judge();
    });
  }

  /** Tells whether both connections are there, when that has changed. */
  #judge(): void {
    const ready = this.#serves && this.#lean.ready;
    if (ready === this.#ready || this.#stopped) return;
    this.#ready = ready;
    if (ready) {
      this.#told = false;
      this.#events.ready(this);
    } else {
      this.#trouble('Lost', null);
      this.#events.away(this);
    }
  }

  #onClose(socket: Socket): void {
    if (this.#socket === socket) this.#socket = null;
    if (this.#stopped) return;
    this.#cancelTick();
    this.#answers.clear();
    this.#serves = false;
    this.#judge();
  }

  #startTicks(): void {
    this.#cancelTick();
    this.#tickedAt = this.#clock.now();
    this.#cancelTick = this.#clock.after(TICK_MS, () => this.#tick());
  }

  #tick(): void {
    const now = this.#clock.now();
    // After a stall of our own event loop what was heard has not been read yet.
    if (now - this.#tickedAt > 2 * TICK_MS) this.#heardAt = now;
    const silent = now - this.#heardAt;
    if (silent > SILENT_MS) {
      this.#trouble('No answer from', null);
      this.#socket?.destroy();
      return;
    }
    this.#events.tick(this);
    this.#startTicks();
  }

  #trouble(what: string, error: unknown): void {
    if (this.#told || this.#stopped) return;
    this.#told = true;
    this.#events.trouble(this, `${what} drachtio-server "${this.name}"`, error);
  }
}
