import type { NotifySlot } from '../../ports/edge.ts';

/**
 * Heads that are kept: of more subscriptions than one change to 10,000 watchers concerns, with all that changes beside it.
 * If there were fewer, each of them would be let go of right before it is wanted again: 8 % of that change's CPU.
 */
const MOST = 16_384;

/**
 * Lets go of the heads that were made longest ago. A head has 0.8 kB, as much as its subscription has besides: to make
 * one anew costs 3 us, and that is for lamps that change seldom.
 */
export class RecentHeads {
  readonly #most: number;
  readonly #slots: NotifySlot[] = [];
  #next = 0;

  constructor(most = MOST) {
    this.#most = most;
  }

  /** The head of this slot was made now. */
  add(slot: NotifySlot): void {
    const oldest = this.#slots[this.#next];
    if (oldest !== undefined && oldest !== slot) oldest.cache = null;
    this.#slots[this.#next] = slot;
    this.#next = (this.#next + 1) % this.#most;
  }
}
