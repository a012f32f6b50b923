import type { LeanRequest } from './lean-request.ts';

/** What waits for an answer in its dialog. */
interface Waiting {
  answers: number;
  readonly requests: LeanRequest[];
}

/**
 * Answers that drachtio-server has not sent yet, by dialog. Answers and requests reach it on connections of their own, so
 * that a NOTIFY could overtake the 200 before it: what is to follow an answer waits until that is on the wire.
 */
export class AnswersUnderWay {
  readonly #dialogs = new Map<string, Waiting>();

  /** An answer in this dialog is handed to drachtio-server. */
  begin(dialogId: string): void {
    const waiting = this.#dialogs.get(dialogId);
    if (waiting === undefined) this.#dialogs.set(dialogId, { answers: 1, requests: [] });
    else waiting.answers += 1;
  }

  /** An answer is on the wire, or never will be. Gives what has waited for it, in its order. */
  end(dialogId: string): readonly LeanRequest[] {
    const waiting = this.#dialogs.get(dialogId);
    if (waiting === undefined) return [];
    waiting.answers -= 1;
    if (waiting.answers > 0) return [];
    this.#dialogs.delete(dialogId);
    return waiting.requests;
  }

  /** True if the request waits now; its time comes with an `end`. */
  holds(dialogId: string, request: LeanRequest): boolean {
    if (this.#dialogs.size === 0) return false;
    const waiting = this.#dialogs.get(dialogId);
    waiting?.requests.push(request);
    return waiting !== undefined;
  }

  /** The connection of the answers is lost, with them and with what waited. */
  clear(): void {
    this.#dialogs.clear();
  }
}
