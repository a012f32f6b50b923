import type { Logger } from 'pino';
import type { RunWorld } from '../callflow/action.ts';
import type { Fault } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Edge, Flow, IncomingRequest, NotifySlot } from '../ports/edge.ts';
import type { Store } from '../ports/store.ts';
import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import type { Webhooks } from '../ports/webhooks.ts';
import type { Board, ChangeContext } from '../presence/board.ts';
import type { Load, LoadLevel } from '../presence/overload.ts';
import type { PacingState } from '../presence/pacing.ts';
import { formatResource, type Resource } from '../presence/resource.ts';
import type { ReadXml } from '../presence/xml-element.ts';
import { Wheel } from '../sip/wheel.ts';
import { Authenticator, type AuthParts } from './authenticator.ts';
import { visit } from './fan-out.ts';
import { Fence } from './fence.ts';
import { Intake } from './intake.ts';
import { KeptFlows } from './kept-flows.ts';
import { Library } from './library.ts';
import { ListLibrary } from './list-library.ts';
import { ListSlot } from './list-slot.ts';
import type { LiveRealm } from './live-realm.ts';
import { LoadWatch } from './load.ts';
import type { NotifierMeter, NotifierOptions } from './options.ts';
import { ownTexts, SharedTexts } from './own-text.ts';
import { Peers } from './peers.ts';
import { PhoneRates } from './phone-rates.ts';
import { Refusals } from './refusals.ts';
import { Rounds } from './rounds.ts';
import { flowKey, isStream, Slot } from './slot.ts';
import { Styles } from './styles.ts';
import { Watch } from './watch.ts';
import { WatcherIndex } from './watcher-index.ts';
import { WatcherInfoSlot } from './watcher-info-slot.ts';

/** What the notifier is built of. */
export interface NotifierParts {
  readonly edge: Edge;
  readonly store: Store;
  readonly clock: Clock;
  /** Time that goes on evenly, in ms, whatever becomes of the wall clock. */
  readonly steady: () => number;
  /** This process: no other has, had or will have the same. */
  readonly instance: string;
  /** True if the process behind an instance is known to be dead. */
  readonly isGone: (instance: string) => boolean;
  /** Another process has taken the name of this node while it could not be heard: this one must end. */
  readonly displaced: (fault: Fault) => void;
  /** Does a task in the next turn of the event loop, after what has come in meanwhile. */
  readonly soon: (task: () => void) => void;
  /** A number from 0 to below 1, another each time. */
  readonly random: () => number;
  /** A random id of lower-case letters and digits, unique for ever. */
  readonly newId: () => string;
  readonly options: NotifierOptions;
  readonly meter: NotifierMeter;
  readonly log: Logger;
  readonly webhooks: Webhooks;
  readonly readXml: ReadXml;
  /** Null: whoever the edge lets in is trusted. */
  readonly auth: AuthParts | null;
  /** What the callflows of a realm may do. */
  readonly world: (realm: string) => RunWorld;
}

const IN_FLIGHT: ReadonlySet<PacingState> = new Set(['sending', 'outdated', 'demanded', 'ending', 'closing']);

/**
 * How many SUBSCRIBEs are begun in one turn of the event loop, which reads 32 datagrams: half of that, so that answers to
 * NOTIFYs behind them are soon read. When it is busy far fewer: the socket must be emptied, or those answers are lost.
 */
const PORTION = 16;
const BUSY_PORTION = 4;

/** How exactly waits and expiries are kept, in ms. */
export const TICK_MS = 50;

/** The notifier's memory: every subscription that this node owns, and what it watches. */
export class NotifierState {
  readonly parts: NotifierParts;
  readonly watches = new Map<string, Watch>();
  readonly slots = new Map<string, Slot>();
  /** Slots that wait after a failure, by flow: a request on the flow ends the wait. */
  readonly failing = new Map<string, Set<Slot>>();
  /** Slots that are told of watchers, not of boards. */
  readonly informed = new Set<WatcherInfoSlot>();
  /** Slots whose progress the store does not know yet. */
  readonly unwritten = new Set<Slot>();
  /** Slots that another node has not let go of yet. */
  readonly arriving = new Set<Slot>();
  /** Slots that are this node's and have not come to life yet, by id. */
  readonly opening = new Map<string, Slot>();
  /** When subscriptions were let go of because they are another node's (steady ms), by id, until that is certain. */
  readonly letGo = new Map<string, number>();
  /** Ids of subscriptions that have ended while the store still has to forget them. */
  readonly ended = new Set<string>();
  readonly wheel: Wheel<Slot>;
  /** When the wheel was turned last, by the wall clock, in ms. */
  turnedAt: number;
  /** The flows that are kept open through a NAT. */
  readonly kept: KeptFlows;
  /** Realms that somebody looks at, by name. */
  readonly live = new Map<string, LiveRealm>();
  readonly library: Library;
  readonly lists: ListLibrary;
  /** Subscriptions to lists. */
  readonly listSlots = new Set<ListSlot>();
  readonly styles: Styles;
  readonly phoneRates = new PhoneRates();
  readonly watchers = new WatcherIndex(Math.floor(Math.random() * 2 ** 32));
  readonly texts = new SharedTexts();
  readonly peers = new Peers();
  readonly fence: Fence;
  /** Changes that not every phone has heard of yet. */
  readonly rounds: Rounds;
  /** SUBSCRIBEs that wait for their turn. */
  readonly intake: Intake;
  readonly load: LoadWatch;
  /** What was put off, for its copies. */
  readonly refusals = new Refusals();
  /** True while it is being checked what is still this node's. */
  checking = false;
  /** Lost nodes of which something is left, and until when (steady ms) this one leaves that to others. */
  readonly leftAlone = new Map<string, number>();
  /** Null: nobody is asked for a password. */
  readonly authenticator: Authenticator | null;
  /** Calls whose flow runs, each with what ends it when the caller gives up. */
  readonly calls = new Map<IncomingRequest, () => void>();
  /** INVITEs whose caller gave up: they have had their 487, and nothing is run for them any more. */
  readonly givenUp = new WeakSet<IncomingRequest>();
  /** True while what is in flight settles before the end: nothing is taken from other nodes any more. */
  ending = false;
  stopping = false;
  readonly #counts = new Map<string, number>();
  readonly #streams = new Map<string, Set<Slot>>();

  constructor(parts: NotifierParts) {
    this.parts = parts;
    this.library = new Library({ ...parts, callflows: parts.store.callflows });
    const { options, store, world } = parts;
    this.lists = new ListLibrary({
      lists: store.lists,
      fixed: options.lists.fixed,
      world,
      now: () => this.now(),
    });
    this.styles = new Styles(parts.options);
    this.authenticator = parts.auth && authenticatorOf(parts, parts.auth);
    this.fence = new Fence({ now: () => this.now(), steady: parts.steady });
    this.rounds = new Rounds((slot, watch) => visit(this, slot, watch), setImmediate);
    this.load = new LoadWatch({
      limits: options.overload,
      tickMs: TICK_MS,
      steady: parts.steady,
      requests: () => this.intake.load + parts.edge.backlog(),
      untold: () => this.rounds.untold,
      changed: (level, load) => levelChanged(parts, level, load),
    });
    this.intake = new Intake({
      soon: parts.soon,
      portion: () => (this.load.level === 'calm' ? PORTION : BUSY_PORTION),
    });
    this.turnedAt = parts.clock.now();
    this.wheel = new Wheel<Slot>(TICK_MS, this.turnedAt);
    this.kept = new KeptFlows({
      seconds: parts.options.keepAliveSeconds,
      tickMs: TICK_MS,
      now: parts.clock.now(),
      send: (slot) => parts.edge.keepAlive(slot),
      random: parts.random,
    });
  }

  now(): number {
    return this.parts.clock.now();
  }

  /** The watch of a resource, or undefined when no phone of this node watches it. */
  watchOf(resource: Resource): Watch | undefined {
    return this.watches.get(formatResource(resource));
  }

  /** The same resource: the one that all its subscriptions have, and that is cut out of no request. */
  shared(resource: Resource): Resource {
    const known = this.watchOf(resource);
    if (known !== undefined) return known.resource;
    const { realm, user } = resource;
    return { realm: this.texts.of(realm), user: ownTexts([user])[0] ?? '' };
  }

  /** The board of a resource as this node knows it; null when no phone of this node watches it. */
  boardOf(resource: Resource): Board | null {
    return this.watchOf(resource)?.board ?? null;
  }

  /** The watch of a resource, made and heard on the bus from when the promise resolves. */
  async watch(resource: Resource): Promise<Watch> {
    const key = formatResource(resource);
    const watch = this.watches.get(key) ?? new Watch(resource);
    this.watches.set(key, watch);
    // Held from now on: another holder may let go of it meanwhile, and it must stay the one that boards are given to.
    watch.holders += 1;
    try {
      await this.parts.store.bus.listen(watch.bucket);
    } catch (error) {
      watch.holders -= 1;
      this.#drop(watch);
      throw error;
    }
    return watch;
  }

  /** Ends the watches of a slot. */
  release(slot: Slot): void {
    for (const watch of slot.watches) this.unwatch(watch);
  }

  /** Ends one `watch` call. */
  unwatch(watch: Watch): void {
    this.parts.store.bus.ignore(watch.bucket);
    watch.holders -= 1;
    this.#drop(watch);
  }

  /** Forgets a watch that nobody holds. */
  #drop(watch: Watch): void {
    if (watch.holders === 0) this.watches.delete(formatResource(watch.resource));
  }

  /** What a pure change of this resource's board needs from outside. */
  changeContext(resource: Resource, by: string): ChangeContext {
    const { newId } = this.parts;
    return { now: this.now(), newId, revFloor: this.boardOf(resource)?.rev ?? 0, by };
  }

  add(slot: Slot): void {
    for (const watch of slot.watches) watch.slots.add(slot);
    if (!slot.stored) return;
    this.slots.set(slot.record.id, slot);
    this.watchers.add(slot);
    if (slot instanceof WatcherInfoSlot) this.informed.add(slot);
    if (slot instanceof ListSlot) this.listSlots.add(slot);
    if (isStream(slot.record.flow)) put(this.#streams, slot);
    this.kept.add(slot);
    this.#count(slot, 1);
  }

  remove(slot: Slot): void {
    for (const watch of slot.watches) watch.slots.delete(slot);
    this.wheel.cancel(slot);
    this.settleDown(slot);
    this.unwritten.delete(slot);
    this.arriving.delete(slot);
    this.release(slot);
    if (!slot.stored) return;
    this.slots.delete(slot.record.id);
    this.watchers.remove(slot);
    if (slot instanceof WatcherInfoSlot) this.informed.delete(slot);
    if (slot instanceof ListSlot) this.listSlots.delete(slot);
    if (isStream(slot.record.flow)) take(this.#streams, slot);
    this.kept.remove(slot);
    this.#count(slot, -1);
  }

  #count(slot: Slot, by: number): void {
    const { package: name } = slot.record;
    const count = (this.#counts.get(name) ?? 0) + by;
    this.#counts.set(name, count);
    this.parts.meter.subscriptions(name, count);
  }

  /** The slot behind what an edge hands back, if it still lives here. */
  slotOf(slot: NotifySlot): Slot | null {
    return slot instanceof Slot && slot.pacing !== 'closed' ? slot : null;
  }

  /** The slots whose phones were heard last on this stream; none for UDP, which does not close. */
  onFlow(flow: Flow): readonly Slot[] {
    return [...(this.#streams.get(flowKey(flow)) ?? [])];
  }

  /** How many NOTIFYs wait for their final response. */
  inFlight(): number {
    let count = 0;
    for (const slot of this.slots.values()) if (IN_FLIGHT.has(slot.pacing)) count += 1;
    return count;
  }

  /** Remembers that the slot waits because its phone could not be told. */
  fail(slot: Slot): void {
    put(this.failing, slot);
  }

  /** The slot does not wait after a failure any more. */
  settleDown(slot: Slot): void {
    if (this.failing.size > 0) take(this.failing, slot);
  }

  /** Gives a slot a newer record of its subscription, perhaps with another flow. */
  renew(slot: Slot, record: SubscriptionRecord): void {
    this.settleDown(slot);
    const before = slot.record;
    if (isSamePlace(before, record)) {
      slot.renew(record, this.styles.of(record));
      return;
    }
    take(this.#streams, slot);
    this.kept.remove(slot);
    const living = this.slots.get(before.id) === slot;
    if (living) this.watchers.remove(slot);
    slot.renew(record, this.styles.of(record));
    if (living) this.watchers.add(slot);
    if (isStream(record.flow)) put(this.#streams, slot);
    if (slot.stored) this.kept.add(slot);
  }
}

/** True if every index has the slot of one record where it would have that of the other: so it is at most refreshes. */
function isSamePlace(one: SubscriptionRecord, other: SubscriptionRecord): boolean {
  const isSameWay = one.flow === other.flow && one.dialog.remoteTarget === other.dialog.remoteTarget;
  return isSameWay && one.identity === other.identity;
}

function put(index: Map<string, Set<Slot>>, slot: Slot): void {
  const key = flowKey(slot.record.flow);
  index.set(key, (index.get(key) ?? new Set()).add(slot));
}

function take(index: Map<string, Set<Slot>>, slot: Slot): void {
  const key = flowKey(slot.record.flow);
  const slots = index.get(key);
  if (slots === undefined) return;
  slots.delete(slot);
  if (slots.size === 0) index.delete(key);
}

/** Said once for each change. */
function levelChanged({ meter, log }: NotifierParts, level: LoadLevel, load: Load): void {
  meter.load(level);
  const details = { level, lagMs: Math.round(load.lagMs), requests: load.requests, untold: load.untold };
  if (level === 'calm') log.info(details, 'The overload is over: everything is taken again');
  else log.warn(details, 'Too much load: phones are asked to come back later');
}

function authenticatorOf(
  { clock, newId, options, meter, store, log }: NotifierParts,
  auth: AuthParts,
): Authenticator {
  return new Authenticator({
    ...auth,
    newId,
    userCase: options.userCase,
    now: () => clock.now(),
    claim: (key, ms) => store.callflows.claim(key, ms),
    count: (event) => meter.auth(event),
    warn: (attempt) => log.warn(attempt, 'Somebody tries passwords, and is slowed down'),
  });
}
