import type { Bus, BusHandlers } from '../../ports/bus.ts';
import type { Board } from '../../presence/board.ts';
import { bucketOf } from '../../presence/resource.ts';

/** The bus within one process: nothing is ever missed. */
export class EmbeddedBus implements Bus {
  readonly #listening = new Map<number, number>();
  #handlers: BusHandlers | null = null;

  async start(handlers: BusHandlers): Promise<void> {
    this.#handlers = handlers;
  }

  async listen(bucket: number): Promise<void> {
    this.#listening.set(bucket, (this.#listening.get(bucket) ?? 0) + 1);
  }

  ignore(bucket: number): void {
    const count = (this.#listening.get(bucket) ?? 0) - 1;
    if (count > 0) this.#listening.set(bucket, count);
    else this.#listening.delete(bucket);
  }

  /** Announces a board that was stored. */
  announce(board: Board): void {
    if (this.#listening.has(bucketOf(board.resource))) this.#handlers?.changed(board);
  }
}
