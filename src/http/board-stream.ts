import type { PresenceService, SeenId } from '../notifier/service.ts';
import { boardJson } from './view.ts';

export interface BoardStreamOptions {
  readonly service: Pick<PresenceService, 'live' | 'list' | 'lampOf'>;
  readonly realm: string;
  /** Ends the stream. */
  readonly stopping: AbortSignal;
  /** Milliseconds without an event after which a comment is sent. */
  readonly heartbeatMs: number;
  /** Called once when the stream is over or could not begin, whoever ended it. */
  readonly ended: () => void;
}

const PAGE = 100;

/**
 * The presence IDs of a realm as server-sent events: first all that are there, then `ready`, then each that changes or
 * comes to be watched. A
 * reader that is too slow misses steps in between, never the newest state; what waits for it is bounded by the
 * number of presence IDs. Rejects like `service.list` before anything was sent.
 */
export async function boardStream(options: BoardStreamOptions): Promise<ReadableStream<Uint8Array>> {
  const feed = new BoardFeed(options);
  await feed.open();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const text = await feed.next();
      if (text === null) controller.close();
      else controller.enqueue(encoder.encode(text));
    },
    cancel: () => feed.close(),
  });
}

class BoardFeed {
  readonly #options: BoardStreamOptions;
  /** What waits to be sent, newest state only. */
  readonly #waiting = new Map<string, SeenId>();
  /** IDs that changed while the snapshot was read: the snapshot must not bring back older ones. */
  #changed: Set<string> | null = new Set();
  #after: string | null = null;
  #listener: (() => void) | null = null;
  #wake: (() => void) | null = null;
  #closed = false;

  constructor(options: BoardStreamOptions) {
    this.#options = options;
  }

  /** Listens first and reads then, so that no change falls between the two. */
  async open(): Promise<void> {
    try {
      await this.#listen();
      await this.#readPage();
    } catch (error) {
      this.close();
      throw error;
    }
    if (this.#options.stopping.aborted) this.close();
  }

  async #listen(): Promise<void> {
    const { service, realm, stopping } = this.#options;
    const stop = await service.live(realm, (id) => this.#hear(id));
    stopping.addEventListener('abort', this.close);
    this.#listener = () => {
      stopping.removeEventListener('abort', this.close);
      stop();
    };
  }

  /** The next events as text; waits until there are some. Null when the stream is over. */
  async next(): Promise<string | null> {
    for (;;) {
      if (this.#closed) return null;
      if (this.#waiting.size > 0) return this.#take();
      if (this.#changed === null) return this.#idle();
      if (this.#after === null) return this.#finishSnapshot();
      // The store went away in the middle: the client comes back, and then gets a 503 that says so.
      await this.#readPage().catch(this.close);
    }
  }

  readonly close = (): void => {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener?.();
    this.#wake?.();
    this.#options.ended();
  };

  #hear(id: SeenId): void {
    this.#changed?.add(id.resource.user);
    this.#waiting.set(id.resource.user, id);
    this.#wake?.();
  }

  async #readPage(): Promise<void> {
    const { service, realm } = this.#options;
    const page = await service.list(realm, { after: this.#after, limit: PAGE });
    this.#after = page.next;
    for (const id of page.ids) {
      if (!this.#changed?.has(id.resource.user)) this.#waiting.set(id.resource.user, id);
    }
  }

  #finishSnapshot(): string {
    this.#changed = null;
    return 'event: ready\ndata: {}\n\n';
  }

  #take(): string {
    const ids = [...this.#waiting.values()].slice(0, PAGE);
    for (const id of ids) this.#waiting.delete(id.resource.user);
    return ids.map((id) => this.#eventOf(id)).join('');
  }

  #eventOf({ resource, board }: SeenId): string {
    const json = boardJson(resource, board, this.#options.service);
    return `event: board\ndata: ${JSON.stringify(json)}\n\n`;
  }

  /** Waits for a change or the end; gives a comment when neither comes in time. */
  async #idle(): Promise<string | null> {
    const { promise, resolve } = Promise.withResolvers<'woken' | 'late'>();
    const timer = setTimeout(() => resolve('late'), this.#options.heartbeatMs);
    this.#wake = () => resolve('woken');
    const why = await promise;
    clearTimeout(timer);
    this.#wake = null;
    return why === 'late' ? ': still here\n\n' : this.next();
  }
}
