import type { Clock } from '../../ports/clock.ts';
import type { ListenPoint } from '../../ports/edge.ts';
import { AnswersDue } from './answers-due.ts';
import type { DrachtioServer } from './drachtio-server.ts';
import type { Heard } from './heard.ts';
import { LeanConnection } from './lean-connection.ts';
import type { LeanMessage, LeanRequest } from './lean-request.ts';
import { SrfConnection } from './srf-connection.ts';

/** What happens on the connections to one drachtio-server. */
export interface LinkEvents {
  request(link: ServerLink, request: Heard): void;
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

/**
 * One drachtio-server, kept up and watched. Requests come in through drachtio-srf; the answers to them and requests of ours
 * leave on a lean connection beside it.
 */
export class ServerLink {
  /** `host:port`, as records name the server. */
  readonly name: string;
  readonly #clock: Clock;
  readonly #events: LinkEvents;
  readonly #srf: SrfConnection;
  readonly #lean: LeanConnection;
  readonly #answers = new AnswersDue();
  /** SUBSCRIBEs that were heard in this turn, and are delivered in the next. */
  #later: Heard[] = [];
  #ready = false;
  #stopped = false;
  #told = false;

  constructor(server: DrachtioServer, clock: Clock, events: LinkEvents) {
    this.name = `${server.host}:${server.port}`;
    this.#clock = clock;
    this.#events = events;
    const trouble = (what: string, error: unknown) => this.#trouble(what, error);
    const judge = () => this.#judge();
    this.#lean = new LeanConnection(server, clock, { ready: judge, away: judge, trouble });
    this.#srf = new SrfConnection(server, clock, {
      request: (request) => this.#hear(request),
      connected: () => this.#lean.connect(),
      ready: judge,
      away: () => {
        this.#answers.clear();
        this.#judge();
      },
      trouble,
      tick: () => events.tick(this),
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
    return this.#srf.points;
  }

  /** Connects, and connects again whenever a connection is lost, until `stop`. */
  connect(): void {
    this.#srf.connect();
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
    this.#srf.quiesce();
  }

  /** Closes the connections once what was written is on the wire, and does not come back. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#ready = false;
    await Promise.all([this.#srf.stop(), this.#lean.stop()]);
  }

  /**
   * What the phone has answered to a NOTIFY before it sent a SUBSCRIBE was written first, but on the other connection, and
   * must count first. It is read in the next turn of the event loop at the latest: this turn may have looked at that
   * connection before either was there.
   */
  #hear(request: Heard): void {
    const { method, dialogId, isOwn } = request;
    if (dialogId !== '' && method !== 'ACK' && !isOwn) this.#answers.heard(dialogId);
    if (method === 'SUBSCRIBE' && this.#lean.busy) this.#hearLater(request);
    else this.#events.request(this, request);
  }

  /** Those of one turn together. */
  #hearLater(request: Heard): void {
    const later = this.#later;
    later.push(request);
    if (later.length > 1) return;
    setImmediate(() => {
      this.#later = [];
      setImmediate(() => {
        for (const one of later) this.#events.request(this, one);
      });
    });
  }

  /** Tells whether both connections are there, when that has changed. */
  #judge(): void {
    const ready = this.#srf.ready && this.#lean.ready;
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

  #trouble(what: string, error: unknown): void {
    if (this.#told || this.#stopped) return;
    this.#told = true;
    this.#events.trouble(this, `${what} drachtio-server "${this.name}"`, error);
  }
}
