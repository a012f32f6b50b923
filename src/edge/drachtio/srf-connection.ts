import type { Socket } from 'node:net';
import type { Clock } from '../../ports/clock.ts';
import type { ListenPoint } from '../../ports/edge.ts';
import type { DrachtioServer } from './drachtio-server.ts';
import { endSocket } from './end-socket.ts';
import { guardSocket } from './guard-socket.ts';
import type { Heard } from './heard.ts';
import { heardBySrf } from './heard-by-srf.ts';
import { heardSubscribe } from './heard-subscribe.ts';
import { parseListenPoints } from './listen-points.ts';
import { createSrf, type Srf, type SrfRequest, type WireProtocol } from './srf.ts';

/** What happens on the connection of drachtio-srf. */
export interface SrfEvents {
  request(request: Heard): void;
  /** It is logged in, and knows what drachtio-server listens on. */
  connected(): void;
  /** drachtio-server hands requests over. */
  ready(): void;
  /** It is lost: nobody waits for answers to what was heard on it. */
  away(): void;
  trouble(what: string, error: unknown): void;
  /** Once a second while it is there. */
  tick(): void;
}

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

/** The connection of drachtio-srf to a drachtio-server, watched: the way in of all requests. */
export class SrfConnection {
  readonly #server: DrachtioServer;
  readonly #clock: Clock;
  readonly #events: SrfEvents;
  readonly #srf: Srf = createSrf();
  #socket: Socket | null = null;
  #ready = false;
  #quiet = false;
  #stopped = false;
  #points: readonly ListenPoint[] = [];
  #heardAt = 0;
  #tickedAt = 0;
  #cancelTick: () => void = () => {};

  constructor(server: DrachtioServer, clock: Clock, events: SrfEvents) {
    this.#server = server;
    this.#clock = clock;
    this.#events = events;
  }

  /** True while drachtio-server hands requests over. */
  get ready(): boolean {
    return this.#ready;
  }

  /** What drachtio-server listens on, as it said when it was last connected. */
  get points(): readonly ListenPoint[] {
    return this.#points;
  }

  /** Connects, and connects again whenever the connection is lost, until `stop`. */
  connect(): void {
    const srf = this.#srf;
    const handler = (request: SrfRequest) => this.#events.request(heardBySrf(request));
    for (const verb of VERBS) srf.use(verb, handler);
    // In a dialog every method is handed over, also those that cannot be asked for.
    srf.use(handler);
    srf.on('error', (error) => this.#events.trouble('Cannot connect to', error));
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
    const wp = srf.app.client?.wp;
    if (wp === undefined) return;
    wp.on('connect', (socket) => this.#onSocket(socket));
    wp.on('close', (socket) => this.#onClose(socket));
    this.#takeSubscribes(wp);
  }

  /** SUBSCRIBEs come in storms: they are taken before drachtio-srf reads them, which costs more than our own reading. */
  #takeSubscribes(wp: WireProtocol): void {
    const readers = wp.listeners('msg');
    wp.removeAllListeners('msg');
    wp.on('msg', (socket, message) => {
      const heard = heardSubscribe(message);
      if (heard !== null) this.#events.request(heard);
      else for (const read of readers) read.call(wp, socket, message);
    });
  }

  /** New requests go to other applications from now on. */
  quiesce(): void {
    // drachtio-srf throws when it has nothing to take back.
    if (!this.#ready || this.#quiet) return;
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
    this.#ready = false;
    await endSocket(this.#socket, this.#clock);
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
      broken: (error) => this.#events.trouble('Cannot read from', error),
    });
  }

  #onConnect(error: unknown, hostports: string): void {
    if (this.#stopped) return;
    if (error) {
      this.#events.trouble('Cannot log in to', error);
      return;
    }
    // The socket may be gone again: drachtio-srf tells of the connection a turn of the event loop later.
    if (this.#socket === null || this.#socket.destroyed) return;
    this.#points = parseListenPoints(hostports);
    this.#heardAt = this.#clock.now();
    this.#startTicks();
    this.#events.connected();
    this.#probe(this.#socket);
  }

  /**
   * drachtio-srf has asked for its verbs, but does not tell when drachtio-server took them; until then that refuses
   * requests with 503. It reads in order, so a request it must refuse shows that it has.
   */
  #probe(socket: Socket): void {
    this.#srf.request({ ...PROBE, headers: {} }, () => {
      if (this.#socket !== socket || this.#stopped) return;
      this.#ready = true;
      this.#events.ready();
    });
  }

  #onClose(socket: Socket): void {
    if (this.#socket === socket) this.#socket = null;
    if (this.#stopped) return;
    this.#cancelTick();
    this.#ready = false;
    this.#events.away();
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
    if (now - this.#heardAt > SILENT_MS) {
      this.#events.trouble('No answer from', null);
      this.#socket?.destroy();
      return;
    }
    this.#events.tick();
    this.#startTicks();
  }
}
