import type { LeanRequest } from './lean-request.ts';

/** What is open in one dialog. */
interface Open {
  /** Requests that were heard in it and have no answer. */
  questions: number;
  /** What ends the dialog, and follows the answers to all that was heard in it. */
  readonly ends: LeanRequest[];
}

/** The answers that are due, by dialog: drachtio-server answers 500 by itself what is open in a dialog that ends. */
export class AnswersDue {
  readonly #dialogs = new Map<string, Open>();

  /** A request was heard in this dialog: an answer will follow. */
  heard(dialogId: string): void {
    const open = this.#dialogs.get(dialogId);
    if (open === undefined) this.#dialogs.set(dialogId, { questions: 1, ends: [] });
    else open.questions += 1;
  }

  /** An answer in this dialog is given. Gives the ends of the dialog that come behind it. */
  given(dialogId: string): readonly LeanRequest[] {
    const open = this.#dialogs.get(dialogId);
    if (open === undefined) return [];
    open.questions -= 1;
    if (open.questions > 0) return [];
    this.#dialogs.delete(dialogId);
    return open.ends;
  }

  /** True if what ends the dialog waits now; its time comes with an answer. */
  holds(dialogId: string, end: LeanRequest): boolean {
    const open = this.#dialogs.get(dialogId);
    open?.ends.push(end);
    return open !== undefined;
  }

  /** The connection on which the requests came is lost: nobody waits for answers to them. */
  clear(): void {
    this.#dialogs.clear();
  }
}
