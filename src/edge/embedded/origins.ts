/** A transaction with what makes two requests the same one that has come twice; null for one that cannot. */
interface Originating {
  readonly origin: string | null;
}

/** The requests outside dialogs that are served, by their origin (RFC 3261 §8.2.2.2). */
export class Origins<Transaction extends Originating> {
  readonly #first = new Map<string, Transaction>();

  /** Takes a new transaction; `merged` if its request is being served already, having come on another path. */
  admit(transaction: Transaction): 'new' | 'merged' {
    const { origin } = transaction;
    if (origin === null) return 'new';
    if (this.#first.has(origin)) return 'merged';
    this.#first.set(origin, transaction);
    return 'new';
  }

  forget(transaction: Transaction): void {
    const { origin } = transaction;
    if (origin !== null && this.#first.get(origin) === transaction) this.#first.delete(origin);
  }
}
