import { between } from '../../bench/phone-text.ts';
import { Changes } from './changes.ts';
import { givenNow } from './given-time.ts';
import { Line } from './line.ts';
import type { Places, Report, Sizes, Weather } from './orders.ts';
import { LampPhone } from './phone.ts';
import { Lamp } from './truth.ts';

/** Phones share this many sockets: room for a fan-out in the kernel, as many phones have. */
const SOCKETS = 16;
/** How long a lamp may stay wrong once the clock runs, in ms: issue 5. */
const BOUND_MS = 10_000;
/** All lamps must stay right for so long, in ms, until a fault is over. */
const CALM_MS = 1_000;
const TICK_MS = 50;
/** SUBSCRIBEs under way at once. */
const WINDOW = 32;
/** After it, what a phone complains of by itself has been seen, in ms: more than Timer F. */
const PATIENCE_MS = 40_000;
/** Violations that are kept in words. */
const KEPT = 10;

/** Every phone's view against the truth. */
export class Checker {
  readonly #sizes: Sizes;
  readonly #lines: readonly Line[];
  readonly #lamps: readonly Lamp[];
  readonly #phones: readonly LampPhone[];
  readonly #changes: Changes;
  readonly #timer: NodeJS.Timeout;
  /** When the clock of the bounds started; null: a fault is on. */
  #clock: number | null = 0;
  #cursor = 0;
  #refreshDebt = 0;
  #isLoaded = false;
  #violations: string[] = [];
  #count = 0;
  #lateMs = 0;
  #notifies = 0;
  #copies = 0;
  #refreshes = 0;

  private constructor({ httpPort }: Places, sizes: Sizes, lines: readonly Line[]) {
    const { subscriptions, watchers } = sizes;
    this.#sizes = sizes;
    this.#lines = lines;
    for (const line of lines) line.hears = (text) => this.#hear(line, text);
    this.#lamps = Array.from({ length: Math.ceil(subscriptions / watchers) }, (_lamp, id) => new Lamp(id));
    const call = Math.random().toString(36).slice(2, 8);
    this.#phones = Array.from({ length: subscriptions }, (_phone, index) => {
      const [line, lamp] = [lines[index % SOCKETS], this.#lamps[index % this.#lamps.length]];
      if (line === undefined || lamp === undefined)
        throw new Error('Cannot check: there is nothing to check');
      return new LampPhone({ index, line, call }, lamp);
    });
    this.#changes = new Changes(this.#lamps, httpPort);
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  static async open(places: Places, sizes: Sizes): Promise<Checker> {
    const lines: Line[] = [];
    // One after the other: each takes a port that is free.
    while (lines.length < SOCKETS) lines.push(await Line.open(places.sipPort));
    return new Checker(places, sizes, lines);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#changes.close();
    for (const line of this.#lines) line.close();
  }

  /** All phones subscribe; resolves when each has its 200 and its first NOTIFY. */
  async subscribe(): Promise<void> {
    await this.#ask();
    await until(() => this.#phones.every(({ isUp }) => isUp));
  }

  /** Every phone refreshes; resolves when each has been answered. */
  async refreshAll(): Promise<void> {
    await this.#ask();
    this.#refreshes += this.#phones.length;
  }

  /** Changes and refreshes at the rates of the sizes, or none. */
  load(on: boolean): void {
    this.#isLoaded = on;
    if (on) this.#changes.start(this.#sizes.changes);
    else this.#changes.stop();
  }

  faultBegins(): void {
    this.#clock = null;
    for (const [index, lamp] of this.#lamps.entries()) lamp.frozen = index % 2 === 1;
  }

  faultEnds(): void {
    const now = givenNow();
    this.#clock = now;
    for (const phone of this.#phones) {
      phone.wrongSince = 0;
      phone.forgive(now);
    }
  }

  weather(weather: Weather): void {
    for (const line of this.#lines) line.weather = weather;
  }

  /** From now on all phones reach the node at this port, and no other. */
  async move(sipPort: number): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.move(sipPort)));
  }

  /** Ends the load, and waits until every lamp has been right for a while, or one is too late. */
  async settle(): Promise<void> {
    this.load(false);
    for (const violation of await this.#changes.settle()) this.#complain(violation);
    let calmSince = givenNow();
    const start = this.#clock ?? calmSince;
    for (;;) {
      const now = givenNow();
      for (const phone of this.#phones) phone.judge(now);
      const wrong = this.#phones.filter(({ wrongSince }) => wrongSince > 0);
      if (wrong.length > 0) {
        calmSince = now + TICK_MS;
        this.#lateMs = Math.round(now - start);
      }
      if (now - calmSince > CALM_MS || this.#isTooLate(wrong, now)) break;
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    await until(() => this.#phones.every(({ isAsking }) => !isAsking));
    for (const lamp of this.#lamps) lamp.frozen = false;
  }

  /** What was seen since the last report. */
  report(): Report {
    const { accepted, refused } = this.#changes;
    const report = {
      violations: this.#violations,
      count: this.#count,
      lateMs: this.#lateMs,
      changes: accepted,
      refused,
      notifies: this.#notifies,
      copies: this.#copies,
      refreshes: this.#refreshes,
    };
    this.#violations = [];
    this.#changes.accepted = 0;
    this.#changes.refused = 0;
    this.#count = this.#lateMs = this.#notifies = this.#copies = this.#refreshes = 0;
    return report;
  }

  readonly #complain = (what: string): void => {
    this.#count += 1;
    if (this.#violations.length < KEPT) this.#violations.push(what);
  };

  #hear(line: Line, text: string): void {
    if (text.startsWith('NOTIFY ')) {
      // The Contact is `sip:s<index>@...`: the Request-URI says whose NOTIFY it is.
      const phone = this.#phones[Number(text.slice(12, text.indexOf('@', 12)))];
      const heard = phone?.notified(line, text, this.#complain);
      if (heard === 'new') this.#notifies += 1;
      else this.#copies += 1;
    } else if (text.startsWith('SIP/2.0 ')) {
      const [index, cseq] = between(text, 'branch=z9hG4bKs', ';\r ').split('.').map(Number);
      this.#phones[index ?? -1]?.answered(text, cseq ?? 0, this.#complain);
    }
  }

  /** SUBSCRIBEs of all phones, a window at a time. */
  async #ask(): Promise<void> {
    const asking = new Set<LampPhone>();
    for (const phone of this.#phones) {
      phone.subscribe(givenNow());
      asking.add(phone);
      while (asking.size >= WINDOW) {
        await new Promise((resolve) => setImmediate(resolve));
        for (const each of asking) if (!each.isAsking) asking.delete(each);
      }
    }
    await until(() => this.#phones.every(({ isAsking }) => !isAsking));
  }

  #tick(): void {
    const now = givenNow();
    for (const phone of this.#phones) {
      // While a fault is on nobody has to answer, however long a busy machine takes to start a node again.
      if (this.#clock === null) phone.forgive(now);
      phone.repeat(now, this.#complain);
    }
    if (!this.#isLoaded) return;
    this.#refreshDebt += (this.#sizes.refreshes * TICK_MS) / 1000;
    for (; this.#refreshDebt >= 1; this.#refreshDebt -= 1) this.#refreshNext(now);
    if (this.#clock === null) return;
    for (const phone of this.#phones) phone.judge(now);
    const late = this.#phones.filter(({ wrongSince }) => wrongSince > 0 && now - wrongSince > BOUND_MS);
    for (const phone of late) {
      this.#complain(`${phone} shows ${phone.shown} for more than 10 s, not ${phone.lamp}`);
      phone.wrongSince = now;
    }
  }

  #refreshNext(now: number): void {
    const phone = this.#phones[this.#cursor % this.#phones.length];
    this.#cursor += 1;
    if (phone === undefined || phone.isAsking) return;
    this.#refreshes += 1;
    phone.subscribe(now);
  }

  #isTooLate(wrong: readonly LampPhone[], now: number): boolean {
    const late = wrong.filter(({ wrongSince }) => now - wrongSince > BOUND_MS);
    for (const phone of late) this.#complain(`${phone} shows ${phone.shown} 10 s after, not ${phone.lamp}`);
    return late.length > 0;
  }
}

async function until(done: () => boolean): Promise<void> {
  const end = givenNow() + PATIENCE_MS;
  while (!done() && givenNow() < end) await new Promise((resolve) => setTimeout(resolve, 20));
}
