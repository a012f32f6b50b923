import type { Slot } from './slot.ts';

/**
 * After so many ms without a heartbeat that arrived, a node must reckon with having been taken for lost: less than
 * the 3.5 s of `Peers` for the others.
 */
const DOUBT_MS = 3_000;

/** Two clocks: the steady one may stand still while a machine is suspended, the other one may jump. */
export interface FenceClocks {
  now(): number;
  steady(): number;
}

/**
 * Keeps a node that was paused or cut off from telling phones what is not its business any more: until it has checked
 * whether its subscriptions are still its own, changes and expiries wait here.
 */
export class Fence {
  readonly #clocks: FenceClocks;
  readonly #held = new Set<Slot>();
  #beatAt: number;
  #beatAtSteady: number;
  #checked = true;
  #closed = false;
  #lapses = 0;

  constructor(clocks: FenceClocks) {
    this.#clocks = clocks;
    this.#beatAt = clocks.now();
    this.#beatAtSteady = clocks.steady();
  }

  /** How often there was doubt: a check counts only if there was none anew meanwhile. */
  get lapses(): number {
    return this.#lapses;
  }

  /** True while this node cannot know that its subscriptions are its own. */
  doubts(): boolean {
    if (this.#checked && this.#isOld()) this.doubt();
    return this.#closed || !this.#checked;
  }

  /** This node ends: what it owns is others' soon, and nothing is told any more. */
  close(): void {
    this.#closed = true;
  }

  /** True if what the slot has to tell must wait; `takeHeld` gives it back. */
  holds(slot: Slot): boolean {
    if (!slot.stored || !this.doubts()) return false;
    this.#held.add(slot);
    return true;
  }

  /** Somebody else may have taken subscriptions. */
  doubt(): void {
    this.#checked = false;
    this.#lapses += 1;
  }

  /** A heartbeat has arrived that was sent at these times: it may be newer than that by now, but not older. */
  beat(sentAt: number, sentAtSteady: number): void {
    if (this.#isOld()) this.doubt();
    this.#beatAt = sentAt;
    this.#beatAtSteady = sentAtSteady;
  }

  /** All subscriptions are checked, and doubt had been there `lapses` times when that began. */
  checked(lapses: number): void {
    if (lapses === this.#lapses && !this.#isOld()) this.#checked = true;
  }

  /** What waited. */
  takeHeld(): readonly Slot[] {
    const held = [...this.#held];
    this.#held.clear();
    return held;
  }

  #isOld(): boolean {
    const { now, steady } = this.#clocks;
    return Math.max(now() - this.#beatAt, steady() - this.#beatAtSteady) > DOUBT_MS;
  }
}
