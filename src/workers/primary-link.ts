import type { Question, ToPrimary, ToWorker, WorkerOrders } from './message.ts';

/** How a worker's process talks to its primary's. */
export interface Channel {
  listen(listener: (message: ToWorker) => void): void;
  /** `sent`: the message is on its way, or there is nobody to take it. */
  send(message: ToPrimary, sent: () => void): void;
}

/** A worker's line to its primary. */
export class PrimaryLink {
  /** What this worker is to be; resolves when the primary says so. */
  readonly orders: Promise<WorkerOrders>;
  /** Resolves when the primary asks this worker to end. */
  readonly stopped: Promise<null>;
  /** Is told where the lanes of all workers are, at each change. */
  onLanes: (ports: ReadonlyMap<number, number>) => void = () => {};
  /** Is told to read the certificate again. */
  onReload: () => void = () => {};
  readonly #channel: Channel;
  readonly #ordered = Promise.withResolvers<WorkerOrders>();
  readonly #asked = Promise.withResolvers<null>();
  readonly #givers = new Map<Question, () => unknown>();
  readonly #waiting = new Map<number, (answers: readonly unknown[]) => void>();
  #questions = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
    this.orders = this.#ordered.promise;
    this.stopped = this.#asked.promise;
    channel.listen((message) => this.#receive(message));
  }

  /** Resolves when the message is on its way. */
  send(message: ToPrimary): Promise<void> {
    return new Promise((resolve) => this.#channel.send(message, resolve));
  }

  /** Asks all workers; the primary answers within about a second, whoever is stuck. */
  ask(question: Question): Promise<readonly unknown[]> {
    this.#questions += 1;
    const id = this.#questions;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      void this.send({ kind: 'ask', id, question });
    });
  }

  answer(question: Question, give: () => unknown): void {
    this.#givers.set(question, give);
  }

  #receive(message: ToWorker): void {
    switch (message.kind) {
      case 'start':
        this.#ordered.resolve(message.orders);
        break;
      case 'lanes':
        this.onLanes(new Map(Object.entries(message.ports).map(([worker, port]) => [Number(worker), port])));
        break;
      case 'question':
        void this.#give(message.id, message.question);
        break;
      case 'answers':
        this.#waiting.get(message.id)?.(message.answers);
        this.#waiting.delete(message.id);
        break;
      case 'reload':
        this.onReload();
        break;
      case 'stop':
        this.#asked.resolve(null);
        break;
    }
  }

  async #give(id: number, question: Question): Promise<void> {
    const give = this.#givers.get(question);
    if (give !== undefined) await this.send({ kind: 'answer', id, answer: await give() });
  }
}
