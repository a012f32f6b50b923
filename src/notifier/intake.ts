import { Lane } from './lane.ts';

/** Serves one request. It never rejects. */
export type Task = () => Promise<void>;

/** What the intake needs. */
export interface IntakeOptions {
  /** How many are begun in one turn of the event loop, from 1. */
  portion(): number;
  /** Calls a task in the next turn of the event loop. */
  soon(task: () => void): void;
}

/** Takes SUBSCRIBEs in portions, one for each turn of the event loop; those inside dialogs go before new ones. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #inDialog = new Lane<Task>();
  readonly #others = new Lane<Task>();
  #left: number;
  #underWay = 0;
  #scheduled = false;
  readonly #done = (): void => {
    this.#underWay -= 1;
  };

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#left = options.portion();
  }

  /** How many wait or are being served. */
  get load(): number {
    return this.#inDialog.size + this.#others.size + this.#underWay;
  }

  /** Does it now, if there is room in this turn, or as soon as there is. */
  take(task: Task, isInDialog: () => boolean): void {
    if (this.#left > 0) this.#begin(task);
    else if (isInDialog()) this.#inDialog.push(task);
    else this.#others.push(task);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.soon(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    const portion = this.#options.portion();
    this.#left = portion;
    while (this.#left > 0) {
      const task = this.#inDialog.shift() ?? this.#others.shift();
      if (task === undefined) break;
      this.#begin(task);
    }
    // Also when nothing waits any more: what comes in this turn has but the rest of its portion.
    if (this.#left < portion) this.#schedule();
  }

  #begin(task: Task): void {
    this.#left -= 1;
    this.#underWay += 1;
    task().then(this.#done, this.#done);
  }
}
