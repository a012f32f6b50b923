import type { Board } from '../../presence/board.ts';

/** The most boards that are remembered. */
const LARGEST = 10_000;

/** The boards that this node stored or read last: a first guess that saves a read, never the truth. */
export class BoardCache {
  readonly #boards = new Map<string, Board>();

  /** The board under a key as it was known last; null: not known. */
  get(key: string): Board | null {
    return this.#boards.get(key) ?? null;
  }

  /** Remembers a board, and forgets the one that was remembered longest ago. */
  set(key: string, board: Board): void {
    this.#boards.delete(key);
    this.#boards.set(key, board);
    if (this.#boards.size <= LARGEST) return;
    for (const oldest of this.#boards.keys()) {
      this.#boards.delete(oldest);
      return;
    }
  }
}
