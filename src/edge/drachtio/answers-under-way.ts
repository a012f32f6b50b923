import type { LeanRequest } from './lean-request.ts';

/** What is open in one dialog. */
interface Open {
  /** Requests that were heard in it and have no answer. */
  questions: number;
  /** Answers that drachtio-server has and has not sent. */
  answers: number;
  /** What follows the answers. */
  requests: LeanRequest[];
  /** What ends the dialog, and follows the answers to all that was heard in it. */
  ends: LeanRequest[];
}

/**
 * What drachtio-server is about to answer, by dialog. Answers and requests reach it on connections of their own, so
 * that a NOTIFY could overtake the 200 before it, and an end the answer to a request that is open (drachtio-server answers
 * that 500 then): what is to follow an answer waits until that is on the wire.
 */
export class AnswersUnderWay {
  readonly #dialogs = new Map<string, Open>();

  /** A request was heard in this dialog: an answer will follow. */
  heard(dialogId: string): void {
    this.#open(dialogId).questions += 1;
  }

  /** An answer in this dialog is handed to drachtio-server. */
  begin(dialogId: string): void {
    this.#open(dialogId).answers += 1;
  }

  /** An answer is on the wire, or never will be. Gives what has waited for it, in its order. */
  end(dialogId: string): readonly LeanRequest[] {
    const open = this.#dialogs.get(dialogId);
    if (open === undefined) return [];
    open.answers -= 1;
    open.questions = Math.max(0, open.questions - 1);
    if (open.answers > 0) return [];
    const { requests, ends } = open;
    open.requests = [];
    if (open.questions > 0) return requests;
    this.#dialogs.delete(dialogId);
    return [...requests, ...ends];
  }

  /** True if the request waits now; its time comes with an `end`. */
  holds(dialogId: string, request: LeanRequest): boolean {
    if (this.#dialogs.size === 0) return false;
    const open = this.#dialogs.get(dialogId);
    if (open === undefined || open.answers === 0) return false;
    open.requests.push(request);
    return true;
  }

  /** The same for a request that ends the dialog. */
  holdsEnd(dialogId: string, request: LeanRequest): boolean {
    const open = this.#dialogs.get(dialogId);
    open?.ends.push(request);
    return open !== undefined;
  }

  /** The connection of the answers is lost, with them and with what waited. */
  clear(): void {
    this.#dialogs.clear();
  }

  #open(dialogId: string): Open {
    const open = this.#dialogs.get(dialogId) ?? { questions: 0, answers: 0, requests: [], ends: [] };
    this.#dialogs.set(dialogId, open);
    return open;
  }
}
