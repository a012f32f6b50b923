/** A question that was put to all workers. */
interface Open {
  readonly answers: Map<number, unknown>;
  readonly crew: readonly number[];
  readonly done: (answers: readonly unknown[]) => void;
  readonly cancel: () => void;
}

/** How long the slowest worker is waited for, in ms. */
const PATIENCE_MS = 1_000;

/** Puts questions to all workers and gathers what they say. */
export class Questions {
  readonly #after: (ms: number, task: () => void) => () => void;
  readonly #open = new Map<number, Open>();
  #count = 0;

  /** `after`: runs a task after so many ms, unless it is cancelled before. */
  constructor(after: (ms: number, task: () => void) => () => void) {
    this.#after = after;
  }

  /**
   * Opens a question to the workers of these numbers. `done` has one answer of each, in that order: null of whoever has
   * not answered in time. Gives the id by which they answer.
   */
  open(crew: readonly number[], done: (answers: readonly unknown[]) => void): number {
    this.#count += 1;
    const id = this.#count;
    const cancel = this.#after(PATIENCE_MS, () => this.#close(id));
    this.#open.set(id, { answers: new Map(), crew, done, cancel });
    return id;
  }

  answer(id: number, worker: number, answer: unknown): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    open.answers.set(worker, answer);
    if (open.crew.every((each) => open.answers.has(each))) this.#close(id);
  }

  #close(id: number): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    open.cancel();
    open.done(open.crew.map((worker) => open.answers.get(worker) ?? null));
  }
}
