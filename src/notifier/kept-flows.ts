import type { Flow } from '../ports/edge.ts';
import { type Timed, Wheel } from '../sip/wheel.ts';
import { isBehindNat } from './behind-nat.ts';
import { flowKey, type Slot } from './slot.ts';

/** A UDP flow through a NAT, and whatever is subscribed on it. */
class KeptFlow implements Timed<KeptFlow> {
  readonly slots = new Set<Slot>();
  // Links of the wheel (see `Timed`).
  due = 0;
  place = -1;
  before: KeptFlow | null = null;
  after: KeptFlow | null = null;
}

/** What kept flows need. */
export interface KeptFlowsOptions {
  /** Longest pause between two keep-alives of a flow, in seconds; 0: none are sent. */
  readonly seconds: number;
  /** Resolution of the pauses, in ms. */
  readonly tickMs: number;
  /** ms of the clock at the start. */
  readonly now: number;
  /** Sends a keep-alive to the phone of this slot. */
  send(slot: Slot): void;
  /** From 0 up to 1. */
  random(): number;
}

/** Pauses vary between this part of the longest one and all of it: flows that were heard together drift apart. */
const SHORTEST = 5 / 6;
/** Keep-alives of one tick at most: so many, or so many times what falls to a tick on the average. */
const LEAST_BUDGET = 10;
const BUDGET_OF_AVERAGE = 4;
/** ms within which what is above that is sent, at random. */
const LATER_MS = 1000;

/** The UDP flows of phones behind NAT: each gets one keep-alive in time, however many subscriptions are on it. */
export class KeptFlows {
  readonly #options: KeptFlowsOptions;
  readonly #flows = new Map<string, KeptFlow>();
  readonly #wheel: Wheel<KeptFlow>;
  readonly #fire = (flow: KeptFlow): void => this.#keep(flow);
  #now: number;
  #budget = 0;

  constructor(options: KeptFlowsOptions) {
    this.#options = options;
    this.#now = options.now;
    this.#wheel = new Wheel(options.tickMs, options.now);
  }

  /** How many flows there are. */
  get size(): number {
    return this.#flows.size;
  }

  /** Takes a subscription, if its phone is behind NAT. */
  add(slot: Slot): void {
    if (!isBehindNat(slot.record)) return;
    const key = flowKey(slot.record.flow);
    const known = this.#flows.get(key);
    const flow = known ?? new KeptFlow();
    flow.slots.add(slot);
    if (known !== undefined) return;
    this.#flows.set(key, flow);
    // Anywhere within the first pause: after a start all flows are there at once.
    if (this.#options.seconds > 0) this.#wheel.schedule(flow, this.#now + this.#pause(0));
  }

  /** Forgets a subscription, before its record gets another flow or Contact. */
  remove(slot: Slot): void {
    const key = flowKey(slot.record.flow);
    const flow = this.#flows.get(key);
    if (flow === undefined || !flow.slots.delete(slot) || flow.slots.size > 0) return;
    this.#wheel.cancel(flow);
    this.#flows.delete(key);
  }

  /** What is subscribed on a flow through a NAT. */
  onFlow(flow: Flow): readonly Slot[] {
    return [...(this.#flows.get(flowKey(flow))?.slots ?? [])];
  }

  /** Sends what is due; a part of it later when too much is due at once, as after a halt. */
  advance(now: number): void {
    const { seconds, tickMs } = this.#options;
    if (now < this.#now) this.#wheel.turnBack(now);
    this.#now = now;
    if (seconds === 0) return;
    this.#budget = LEAST_BUDGET + (BUDGET_OF_AVERAGE * this.#flows.size * tickMs) / (seconds * 1000);
    this.#wheel.advance(now, this.#fire);
  }

  #keep(flow: KeptFlow): void {
    if (this.#budget < 1) {
      this.#wheel.schedule(flow, this.#now + this.#options.random() * LATER_MS);
      return;
    }
    this.#budget -= 1;
    this.#wheel.schedule(flow, this.#now + this.#pause(SHORTEST));
    const [slot] = flow.slots;
    if (slot !== undefined) this.#options.send(slot);
  }

  /** A pause in ms, at least the part `least` of the longest. */
  #pause(least: number): number {
    const { seconds, random } = this.#options;
    return seconds * 1000 * (least + (1 - least) * random());
  }
}
