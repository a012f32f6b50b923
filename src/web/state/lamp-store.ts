import type { Api } from '../api.ts';
import { EventStreamReader } from '../model/event-stream.ts';
import { type LampBoard, type LiveEvent, type LiveLamps, liveReducer, NO_LAMPS } from '../model/live.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** The lamps of a realm, kept up to date by the server's stream until it is closed. */
export class LampStore {
  readonly #listeners = new Set<() => void>();
  readonly #over = new AbortController();
  #lamps: LiveLamps = NO_LAMPS;

  constructor(api: Api, realm: string) {
    void this.#follow(api, realm);
  }

  readonly snapshot = (): LiveLamps => this.#lamps;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  close(): void {
    this.#over.abort();
  }

  /** Reads the stream again and again: a server that restarts is found again. */
  async #follow(api: Api, realm: string): Promise<void> {
    const { signal } = this.#over;
    let wait = FIRST_WAIT_MS;
    while (!signal.aborted) {
      const wasGood = await this.#read(api, realm).catch(() => false);
      if (signal.aborted) return;
      this.#change({ kind: 'lost' });
      wait = wasGood ? FIRST_WAIT_MS : Math.min(wait * 2, LONGEST_WAIT_MS);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  /** Reads one stream to its end; true when there was one. */
  async #read(api: Api, realm: string): Promise<boolean> {
    const response = await api.live(realm, this.#over.signal);
    if (!response.ok || response.body === null) return false;
    this.#change({ kind: 'opened' });
    const events = new EventStreamReader();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }) as const);
      if (done) return true;
      for (const event of events.push(value)) this.#hear(event.event, event.data);
    }
  }

  #hear(event: string, data: string): void {
    if (event === 'ready') this.#change({ kind: 'ready' });
    if (event === 'board') this.#change({ kind: 'board', board: JSON.parse(data) as LampBoard });
  }

  #change(event: LiveEvent): void {
    this.#lamps = liveReducer(this.#lamps, event);
    for (const listener of this.#listeners) listener();
  }
}
