import { Fault } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  Answer,
  Edge,
  EdgeHandlers,
  EdgeServer,
  IncomingRequest,
  ListenPoint,
  Notify,
  NotifySlot,
  StackDialog,
} from '../../ports/edge.ts';
import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import type { ByteString } from '../../sip/message.ts';
import { CallDesk } from './call-desk.ts';
import { ConnectionCache } from './connection-cache.ts';
import { contactUri } from './contact-uri.ts';
import { DialogEnds } from './dialog-ends.ts';
import { DialogUsages, dialogKey } from './dialog-usages.ts';
import type { DrachtioServer } from './drachtio-server.ts';
import type { DrachtioCount } from './edge-count.ts';
import { FrontDesk } from './front-desk.ts';
import { KeepAlives } from './keep-alives.ts';
import { NotifyDesk } from './notify-desk.ts';
import { type LinkEvents, ServerLink } from './server-link.ts';
import { stackAfter } from './stack-dialog.ts';

export interface DrachtioEdgeOptions {
  /** At least one. A phone is served by the server that heard it. */
  readonly servers: readonly DrachtioServer[];
  readonly clock: Clock;
  /** Whether SIP from this address is taken; others get 403. */
  trusts(address: string): boolean;
  count(name: DrachtioCount): void;
  log(level: 'info' | 'warn', message: string, details: Readonly<Record<string, unknown>>): void;
  /** How long `start` waits for the first server, in ms. Absent: 10 s. */
  readonly connectWithinMs?: number;
}

const CONNECT_WITHIN_MS = 10_000;

/**
 * An edge that leaves SIP on the wire to one or more drachtio-servers. Each gets a connection of its own, which
 * is made again whenever it is lost. `closed` is never called: drachtio-server does not tell of streams.
 */
export function createDrachtioEdge(options: DrachtioEdgeOptions): Edge {
  return new DrachtioEdge(options);
}

class DrachtioEdge implements Edge {
  readonly #options: DrachtioEdgeOptions;
  readonly #links: ReadonlyMap<string, ServerLink>;
  readonly #usages = new DialogUsages();
  readonly #frontDesk: FrontDesk;
  readonly #notifyDesk: NotifyDesk;
  readonly #keepAlives: KeepAlives;
  readonly #callDesk: CallDesk;
  readonly #dialogEnds: DialogEnds;
  #handlers: EdgeHandlers | null = null;
  /** Requests that came before `start` resolved; null afterwards. */
  #early: IncomingRequest[] | null = [];
  #firstReady: () => void = () => {};
  #lastTrouble = '';

  constructor(options: DrachtioEdgeOptions) {
    this.#options = options;
    const { clock } = options;
    const count = (name: DrachtioCount) => options.count(name);
    const cache = new ConnectionCache();
    const links = options.servers.map((server) => new ServerLink(server, clock, this.#linkEvents()));
    this.#links = new Map(links.map((link) => [link.name, link]));
    this.#dialogEnds = new DialogEnds(this.#usages, (server) => this.#links.get(server));
    this.#notifyDesk = new NotifyDesk({
      clock,
      count,
      cache,
      usages: this.#usages,
      linkOf: (server) => this.#linkOf(server),
      settled: (slot, result) => this.#handlers?.settled(slot, result),
      numbered: (slot, cseq) => this.#handlers?.numbered(slot, cseq),
    });
    this.#keepAlives = new KeepAlives({
      clock,
      count,
      cache,
      linkOf: (server) => this.#linkOf(server),
      alive: (flow) => this.#handlers?.alive(flow),
    });
    this.#callDesk = new CallDesk(clock);
    this.#frontDesk = new FrontDesk({
      clock,
      count,
      trusts: (address) => options.trusts(address),
      deliver: (request) => this.#deliver(request),
      cancelled: (request) => this.#cancelled(request),
      calls: this.#callDesk,
      cache,
      usages: this.#usages,
      abandon: (link, dialogId) => this.#abandon(link.name, dialogId),
    });
  }

  async start(handlers: EdgeHandlers): Promise<void> {
    for (const link of this.#links.values()) link.connect();
    if (!(await this.#connected())) {
      await this.stop();
      throw new Fault('EDGE_AWAY', this.#awayMessage());
    }
    this.#handlers = handlers;
    // What came early is delivered once the promise has resolved.
    setImmediate(() => {
      const early = this.#early ?? [];
      this.#early = null;
      for (const request of early) this.#deliver(request);
    });
  }

  quiesce(): void {
    this.#frontDesk.close();
    for (const link of this.#links.values()) link.quiesce();
  }

  async stop(): Promise<void> {
    this.#frontDesk.close();
    this.#notifyDesk.stop();
    this.#handlers = null;
    await Promise.all([...this.#links.values()].map((link) => link.stop()));
  }

  listening(): readonly ListenPoint[] {
    return [...this.#links.values()].flatMap((link) => link.points);
  }

  ready(): boolean {
    return [...this.#links.values()].some((link) => link.ready);
  }

  servers(): readonly EdgeServer[] {
    return [...this.#links.values()].map(({ name, ready, requests }) => ({ name, ready, requests }));
  }

  backlog(): number {
    let waiting = 0;
    for (const link of this.#links.values()) waiting += link.waiting;
    return waiting;
  }

  contactFor(request: IncomingRequest): ByteString {
    const visit = this.#frontDesk.visitOf(request);
    return contactUri(visit?.link.points ?? this.listening(), request.flow);
  }

  respond(request: IncomingRequest, answer: Answer): void {
    this.#frontDesk.respond(request, answer);
    const visit = this.#frontDesk.visitOf(request);
    if (visit === undefined || answer.toTag === undefined || answer.status >= 300) return;
    this.#usages.form(dialogKey({ server: visit.link.name, dialogId: visit.arrival.dialogId }), answer.toTag);
  }

  hangUp(request: IncomingRequest): void {
    const visit = this.#frontDesk.visitOf(request);
    if (visit !== undefined) this.#callDesk.hangUp({ link: visit.link, dialogId: visit.arrival.dialogId });
  }

  stackFor(request: IncomingRequest, previous: StackDialog | null): StackDialog | null {
    const visit = this.#frontDesk.visitOf(request);
    if (visit === undefined) return previous;
    const { arrival, link } = visit;
    const hasToTag = arrival.toTag !== null;
    const stack = stackAfter({ ...arrival, server: link.name, hasToTag, flow: request.flow }, previous);
    if (previous === null && hasToTag && arrival.known) this.#usages.share(dialogKey(stack));
    // The server that heard the phone before keeps a dialog that nobody will use again.
    if (previous !== null && previous.server !== stack.server) this.#dialogEnds.free(previous);
    return stack;
  }

  notify(slot: NotifySlot, notify: Notify): void {
    this.#notifyDesk.notify(slot, notify);
  }

  keepAlive(slot: NotifySlot): void {
    this.#keepAlives.send(slot);
  }

  /** A drachtio-server that heard the phone keeps its flow, also a stream, whichever node it was heard by. */
  reaches({ stack }: SubscriptionRecord): boolean {
    return stack !== null && this.#links.get(stack.server)?.ready === true;
  }

  release(slot: NotifySlot, told: boolean): void {
    this.#dialogEnds.release(slot, told);
  }

  #linkEvents(): LinkEvents {
    const options = this.#options;
    return {
      request: (link, request) => this.#frontDesk.receive(link, request),
      ready: (link) => {
        options.log('info', 'Connected to drachtio-server', { server: link.name, listening: link.points });
        this.#firstReady();
        this.#dialogEnds.restored(link);
        this.#callDesk.restored(link);
        this.#handlers?.restored();
      },
      away: (link) => {
        options.count('connection_lost');
        this.#notifyDesk.lost(link);
      },
      trouble: (_link, what, error) => {
        this.#lastTrouble = error === null ? what : `${what}: ${messageOf(error)}`;
        options.log('warn', what, { cause: error === null ? null : messageOf(error) });
      },
      tick: () => {
        this.#notifyDesk.tick();
        this.#callDesk.tick();
      },
    };
  }

  /** A server that is not configured any more is stood in for by any other: its phones may be in reach of that. */
  #linkOf(server: string | null): ServerLink | null {
    const own = server === null ? undefined : this.#links.get(server);
    return own ?? [...this.#links.values()].find((link) => link.ready) ?? null;
  }

  #deliver(request: IncomingRequest): void {
    if (this.#early !== null) this.#early.push(request);
    else this.#handlers?.request(request);
  }

  #cancelled(request: IncomingRequest): void {
    const early = this.#early?.indexOf(request) ?? -1;
    if (early >= 0) this.#early?.splice(early, 1);
    else this.#handlers?.cancelled(request);
  }

  #abandon(server: string, dialogId: string): void {
    this.#usages.abandon(dialogKey({ server, dialogId }));
    this.#dialogEnds.free({ server, dialogId });
  }

  #connected(): Promise<boolean> {
    return new Promise((resolve) => {
      const within = this.#options.connectWithinMs ?? CONNECT_WITHIN_MS;
      const cancel = this.#options.clock.after(within, () => resolve(false));
      this.#firstReady = () => {
        cancel();
        resolve(true);
      };
    });
  }

  #awayMessage(): string {
    const names = [...this.#links.keys()].join(', ');
    const trouble = this.#lastTrouble === '' ? 'no answer' : this.#lastTrouble;
    return `Cannot reach any drachtio-server of "${names}": ${trouble}, one that takes the secret is wanted`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
