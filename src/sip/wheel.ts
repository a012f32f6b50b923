/** What a wheel holds. The entry itself carries the links, so that scheduling allocates nothing. */
export interface Timed<Entry> {
  /** The tick at which it is due, from the start of its wheel: as a small integer it needs no memory of its own. */
  due: number;
  /** Which list it hangs in; -1: none. Start with -1. */
  place: number;
  before: Entry | null;
  after: Entry | null;
}

/** Lists of one turn. 1024 ticks of 50 ms are 51 s: longer than any timer of RFC 3261 with T1 = 500 ms. */
const LISTS = 1024;
/** The list of what is due and not fired yet. */
const FIRING = LISTS;

/**
 * A timing wheel: schedule, cancel and fire in constant time, for timers that are nearly all cancelled. Times
 * are ms of any clock; `turnBack` is for one that was put back. An entry fires at the first tick not before its time.
 */
export class Wheel<Entry extends Timed<Entry>> {
  readonly #heads: (Entry | null)[] = new Array<Entry | null>(LISTS + 1).fill(null);
  readonly #tickMs: number;
  /** The tick of the clock at which the ticks of this wheel begin. */
  #start: number;
  #tick = 0;
  #size = 0;

  /** `tickMs`: the resolution. `now`: the clock at the start. */
  constructor(tickMs: number, now: number) {
    this.#tickMs = tickMs;
    this.#start = Math.floor(now / tickMs);
  }

  /** How many entries are scheduled. */
  get size(): number {
    return this.#size;
  }

  /**
   * Lets `entry` fire at `at`, instead of when it was to fire before. A time that has passed means the next tick, an
   * infinite one never.
   */
  schedule(entry: Entry, at: number): void {
    if (entry.place >= 0) this.cancel(entry);
    if (at === Number.POSITIVE_INFINITY) return;
    entry.due = Math.max(Math.ceil(at / this.#tickMs) - this.#start, this.#tick + 1);
    this.#hang(entry, entry.due % LISTS);
    this.#size += 1;
  }

  /** Takes the entry out if it is scheduled. */
  cancel(entry: Entry): void {
    if (entry.place < 0) return;
    this.#unhang(entry);
    this.#size -= 1;
  }

  /** Fires all that is due at `now`. `fire` may schedule and cancel any entry. */
  advance(now: number, fire: (entry: Entry) => void): void {
    const target = Math.floor(now / this.#tickMs) - this.#start;
    const first = Math.max(this.#tick + 1, target - LISTS + 1);
    for (let tick = first; tick <= target; tick += 1) this.#collect(tick % LISTS, target);
    this.#tick = Math.max(this.#tick, target);
    for (let entry = this.#firing(); entry !== null; entry = this.#firing()) {
      this.cancel(entry);
      fire(entry);
    }
  }

  /** The clock was put back to `now`: whatever is scheduled stays as far away as it was. */
  turnBack(now: number): void {
    const ticks = this.#tick + this.#start - Math.floor(now / this.#tickMs);
    if (ticks > 0) this.#start -= ticks;
  }

  #firing(): Entry | null {
    return this.#heads[FIRING] ?? null;
  }

  #collect(list: number, target: number): void {
    let entry = this.#heads[list] ?? null;
    while (entry !== null) {
      const { after } = entry;
      if (entry.due <= target) {
        this.#unhang(entry);
        this.#hang(entry, FIRING);
      }
      entry = after;
    }
  }

  #hang(entry: Entry, list: number): void {
    const head = this.#heads[list] ?? null;
    entry.place = list;
    entry.before = null;
    entry.after = head;
    if (head !== null) head.before = entry;
    this.#heads[list] = entry;
  }

  #unhang(entry: Entry): void {
    if (entry.before === null) this.#heads[entry.place] = entry.after;
    else entry.before.after = entry.after;
    if (entry.after !== null) entry.after.before = entry.before;
    entry.place = -1;
    entry.before = null;
    entry.after = null;
  }
}
