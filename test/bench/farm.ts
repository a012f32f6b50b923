import type { Socket } from 'node:dgram';
import { createHttpTrigger } from './http-trigger.ts';
import type { Measured, Phase, Target, Workload } from './phase.ts';
import { answerText, between, subscribeText, userOf } from './phone-text.ts';
import { createPublishTrigger } from './publish-trigger.ts';
import { Samples } from './samples.ts';
import type { LampId, Trigger } from './trigger.ts';
import { openWindow, type Used } from './usage-window.ts';
import { type Line, newWatching, openLine, type Watching } from './watching.ts';

/** Phones share this many sockets: room for a fan-out in the kernel, as many phones have. */
const SOCKETS = 16;
/** Before a window is opened, in ms: the code gets warm. */
const WARM_MS = 1_500;
/** How long a change or a SUBSCRIBE may take until it counts as lost, in ms. */
const PATIENCE_MS = 10_000;
const T1_MS = 500;
/** A server that loses so many SUBSCRIBEs of one phase is not measured any further. */
const MOST_LOST = 500;
/** Between two changes to the crowd, and between two small ones beside it, in ms. */
const CALM_MS = 500;
const BESIDE_MS = 5;

/** All phones: they subscribe, answer NOTIFYs and change states, and measure. */
export class Farm {
  readonly #target: Target;
  readonly #lines: readonly Line[];
  #trigger: Trigger | null = null;
  #lamps: LampId[] = [];
  #subscriptions: Watching[] = [];
  #call = '';

  // The phase under way.
  readonly #ms = {
    first: new Samples(),
    last: new Samples(),
    beside: new Samples(),
    subscribe: new Samples(),
  };
  readonly #subscribing = new Set<Watching>();
  readonly #changing = new Set<LampId>();
  #used: (() => Used) | null = null;
  #expires = 3600;
  #operations = 0;
  #repeated = 0;
  #lost = 0;
  /** Of the first SUBSCRIBE that was lost. */
  #whyLost = '';
  #octets = 0;
  #notifies = 0;
  /** The lamp of the crowd while changes to it are timed. */
  #crowd: LampId | null = null;
  #onChanged: (() => void) | null = null;
  #onSubscribed: (() => void) | null = null;

  private constructor(target: Target, lines: readonly Line[]) {
    this.#target = target;
    this.#lines = lines;
    for (const { socket } of lines) socket.on('message', (bytes) => this.#read(socket, bytes));
  }

  static async open(target: Target): Promise<Farm> {
    const lines = await Promise.all(Array.from({ length: SOCKETS }, () => openLine(target.sipPort)));
    const farm = new Farm(target, lines);
    const handlers = {
      accepted: (lamp: LampId) => farm.#accepted(lamp),
      refused: (lamp: LampId, answer: string) => farm.#refused(lamp, answer),
      repeated: () => {
        farm.#repeated += 1;
      },
    };
    const { httpPort, sipPort } = target;
    farm.#trigger =
      httpPort === null
        ? await createPublishTrigger(sipPort, handlers)
        : createHttpTrigger(httpPort, handlers);
    return farm;
  }

  close(): void {
    for (const { socket } of this.#lines) socket.close();
    this.#trigger?.close();
  }

  /** Makes a workload of phones that have not subscribed yet. */
  load({ ids, watchers, crowd = 0 }: Workload): void {
    this.#call = Math.random().toString(36).slice(2, 8);
    for (let id = this.#lamps.length; id < ids; id += 1) this.#lamps.push(newLamp(id));
    this.#lamps.length = ids;
    for (const [id, lamp] of this.#lamps.entries()) lamp.watchers = watchers + (id === 0 ? crowd : 0);
    const count = ids * watchers;
    this.#subscriptions = Array.from({ length: count + crowd }, (_, index) => {
      const lamp = this.#lamps[index < count ? index % ids : 0];
      const line = this.#lines[index % SOCKETS];
      if (lamp === undefined || line === undefined)
        throw new Error('Cannot subscribe: the workload is empty');
      return newWatching(index, lamp, line);
    });
  }

  run(phase: Phase): Promise<Measured> {
    switch (phase.kind) {
      case 'prepare':
        return this.#prepare();
      case 'subscribe':
      case 'refresh':
        return this.#subscribe(3600, phase.window);
      case 'unsubscribe':
        return this.#subscribe(0, phase.window);
      case 'closed':
        return this.#closed(phase.window, phase.seconds);
      case 'paced':
        return this.#paced(phase.notifiesPerSecond, phase.seconds);
      case 'crowd':
        return this.#tellCrowd(phase.times);
    }
  }

  // Phases

  async #prepare(): Promise<Measured> {
    this.#begin();
    const lamps = [...this.#lamps];
    const next = () => {
      const lamp = lamps.pop();
      if (lamp !== undefined) this.#change(lamp, false);
    };
    this.#onChanged = next;
    for (let count = 0; count < 16; count += 1) next();
    await this.#until(() => lamps.length === 0 && this.#changing.size === 0);
    return this.#end();
  }

  async #subscribe(expires: number, window: number): Promise<Measured> {
    this.#begin();
    this.#expires = expires;
    let index = 0;
    const next = () => {
      const subscription = this.#subscriptions[index];
      index += 1;
      if (subscription !== undefined) this.#sendSubscribe(subscription);
    };
    this.#onSubscribed = next;
    for (let count = 0; count < window; count += 1) next();
    await this.#until(() => {
      if (this.#lost > MOST_LOST)
        throw new Error(`Cannot measure: ${MOST_LOST} SUBSCRIBEs were lost, the first: ${this.#whyLost}`);
      return index >= this.#subscriptions.length && this.#subscribing.size === 0;
    });
    return this.#end();
  }

  async #closed(window: number, seconds: number): Promise<Measured> {
    let cursor = 0;
    const next = () => {
      for (let tried = 0; tried < this.#lamps.length; tried += 1) {
        const lamp = this.#lamps[cursor % this.#lamps.length];
        cursor += 1;
        if (lamp !== undefined && !lamp.open) {
          this.#change(lamp);
          return;
        }
      }
    };
    this.#onChanged = next;
    for (let count = 0; count < Math.min(window, this.#lamps.length / 2); count += 1) next();
    await this.#until(after(WARM_MS));
    this.#begin();
    this.#onChanged = next;
    await this.#until(after(seconds * 1000));
    const measured = this.#end();
    await this.#until(() => this.#changing.size === 0);
    return measured;
  }

  async #paced(notifiesPerSecond: number, seconds: number): Promise<Measured> {
    const watchers = Math.max(1, this.#subscriptions.length / this.#lamps.length);
    const interval = (1000 * watchers) / notifiesPerSecond;
    let cursor = 0;
    let due = performance.now();
    const timer = setInterval(() => {
      for (; due <= performance.now(); due += interval) {
        const lamp = this.#lamps[cursor % this.#lamps.length];
        cursor += 1;
        if (lamp?.open === true) this.#lost += 1;
        else if (lamp !== undefined) this.#change(lamp);
      }
    }, 1);
    await this.#until(after(WARM_MS));
    this.#begin();
    await this.#until(after(seconds * 1000));
    const measured = this.#end();
    clearInterval(timer);
    await this.#until(() => this.#changing.size === 0);
    return measured;
  }

  async #tellCrowd(times: number): Promise<Measured> {
    const [crowd, ...others] = this.#lamps;
    if (crowd === undefined) throw new Error('Cannot tell a crowd: the workload is empty');
    let cursor = 0;
    const beside = () => {
      const lamp = others[cursor % others.length];
      cursor += 1;
      if (crowd.open && lamp?.open === false) this.#change(lamp);
    };
    this.#begin();
    this.#crowd = crowd;
    const timer = setInterval(beside, BESIDE_MS);
    for (let time = 0; time < times; time += 1) {
      await this.#until(after(CALM_MS));
      this.#change(crowd);
      await this.#until(() => this.#changing.size === 0);
    }
    clearInterval(timer);
    this.#crowd = null;
    return this.#end();
  }

  #begin(): void {
    for (const samples of Object.values(this.#ms)) samples.clear();
    this.#operations = 0;
    this.#repeated = 0;
    this.#lost = 0;
    this.#octets = 0;
    this.#notifies = 0;
    this.#onChanged = null;
    this.#onSubscribed = null;
    this.#used = openWindow(this.#target);
  }

  #end(): Measured {
    const used = this.#used?.() ?? { seconds: 0, cpu: {}, busiest: {}, phonesBusy: 0, disturbed: 0 };
    this.#onChanged = null;
    this.#onSubscribed = null;
    const operations = this.#operations;
    const cpu = Object.entries(used.cpu).map(([name, us]) => [name, us / Math.max(1, operations)]);
    return {
      seconds: used.seconds,
      operations,
      cpu: Object.fromEntries(cpu),
      busiest: used.busiest,
      ms: {
        first: this.#ms.first.spread(),
        last: this.#ms.last.spread(),
        beside: this.#ms.beside.spread(),
        subscribe: this.#ms.subscribe.spread(),
      },
      repeated: this.#repeated,
      lost: this.#lost,
      notifyOctets: this.#octets / Math.max(1, this.#notifies),
      phonesBusy: used.phonesBusy,
      disturbed: used.disturbed,
    };
  }

  /** Waits until `done`, and repeats meanwhile what is overdue. */
  async #until(done: () => boolean): Promise<void> {
    while (!done()) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      this.#repeat();
      this.#trigger?.repeat();
    }
  }

  #repeat(): void {
    const now = performance.now();
    for (const subscription of this.#subscribing) {
      if (now - subscription.since > PATIENCE_MS) {
        this.#giveUp(subscription, subscription.answered ? 'no NOTIFY' : 'no answer');
      } else if (!subscription.answered && subscription.again <= now) {
        subscription.interval *= 2;
        subscription.again = now + subscription.interval;
        this.#repeated += 1;
        this.#transmit(subscription);
      }
    }
    for (const lamp of this.#changing) if (now - lamp.since > PATIENCE_MS) this.#lose(lamp);
  }

  // Changes

  #change(lamp: LampId, watched = true): void {
    lamp.change += 1;
    lamp.busy = !lamp.busy;
    lamp.since = performance.now();
    lamp.accepted = false;
    lamp.open = true;
    lamp.told = watched ? 0 : lamp.watchers;
    this.#changing.add(lamp);
    this.#trigger?.change(lamp);
  }

  #accepted(lamp: LampId): void {
    lamp.accepted = true;
    this.#checkChanged(lamp);
  }

  #refused(lamp: LampId, answer: string): void {
    if (this.#lost === 0) console.error(`A change was refused: ${answer.slice(0, 200)}`);
    this.#lose(lamp);
  }

  #lose(lamp: LampId): void {
    this.#lost += 1;
    this.#settle(lamp);
  }

  #checkChanged(lamp: LampId): void {
    if (!lamp.open || !lamp.accepted || lamp.told < lamp.watchers) return;
    if (lamp.watchers === 0) this.#operations += 1;
    this.#settle(lamp);
  }

  #settle(lamp: LampId): void {
    lamp.open = false;
    this.#changing.delete(lamp);
    this.#onChanged?.();
  }

  // SIP

  #sendSubscribe(subscription: Watching): void {
    const now = performance.now();
    subscription.cseq += 1;
    subscription.answered = false;
    subscription.notified = false;
    subscription.since = now;
    subscription.interval = T1_MS;
    subscription.again = now + T1_MS;
    this.#subscribing.add(subscription);
    this.#transmit(subscription);
  }

  #transmit({ index, lamp, line, cseq, target, toTag }: Watching): void {
    const own = { index, user: userOf(lamp.id), call: this.#call, cseq, port: line.port };
    const text = subscribeText({ ...own, expires: this.#expires, target, toTag });
    line.socket.send(Buffer.from(text, 'latin1'));
  }

  #read(socket: Socket, bytes: Buffer): void {
    const text = bytes.toString('latin1');
    if (text.startsWith('NOTIFY ')) this.#notify(socket, text);
    else if (text.startsWith('SIP/2.0 ')) this.#answer(text);
  }

  #notify(socket: Socket, text: string): void {
    socket.send(Buffer.from(answerText(text), 'latin1'));
    // Our Contact is `sip:s<index>@...`: the Request-URI says whose NOTIFY it is.
    const subscription = this.#subscriptions[Number(text.slice(12, text.indexOf('@', 12)))];
    if (subscription === undefined) return;
    const at = text.indexOf('\nCSeq: ') + 7;
    const cseq = Number(text.slice(at, text.indexOf(' ', at)));
    if (cseq <= subscription.heard) {
      this.#repeated += 1;
      return;
    }
    subscription.heard = cseq;
    this.#notifies += 1;
    this.#octets += text.length;
    if (!subscription.notified) this.#notified(subscription);
    else this.#told(subscription, text);
  }

  #notified(subscription: Watching): void {
    subscription.notified = true;
    subscription.seen = subscription.lamp.change;
    if (subscription.answered) this.#subscribed(subscription);
  }

  #told(subscription: Watching, text: string): void {
    const { lamp } = subscription;
    if (!lamp.open || subscription.seen === lamp.change) return;
    const state = lamp.busy ? '<state>confirmed' : '<state>early';
    // The NOTIFY of a change before: the one that counts is still to come.
    if (!text.includes(state)) return;
    subscription.seen = lamp.change;
    lamp.told += 1;
    this.#operations += 1;
    this.#time(lamp);
    this.#checkChanged(lamp);
  }

  #time({ since, told, watchers, id }: LampId): void {
    const ms = performance.now() - since;
    const beside = this.#crowd !== null && id !== this.#crowd.id;
    if (told === 1) this.#ms[beside ? 'beside' : 'first'].add(ms);
    if (told === watchers && !beside) this.#ms.last.add(ms);
  }

  #answer(text: string): void {
    const [index, cseq] = between(text, 'branch=z9hG4bKs', ';\r ').split('.').map(Number);
    const subscription = this.#subscriptions[index ?? -1];
    if (subscription === undefined || subscription.cseq !== cseq || subscription.answered) return;
    if (!text.startsWith('SIP/2.0 2')) {
      this.#giveUp(subscription, text.slice(0, text.indexOf('\r')));
      return;
    }
    subscription.answered = true;
    if (subscription.toTag === '') {
      subscription.toTag = between(between(text, '\r\nTo: ', '\r'), ';tag=', ';');
      subscription.target = between(between(text, '\r\nContact: ', '\r'), '<', '>');
    }
    if (subscription.notified) this.#subscribed(subscription);
  }

  #giveUp(subscription: Watching, why: string): void {
    if (this.#lost === 0) this.#whyLost = why;
    this.#lost += 1;
    this.#subscribed(subscription);
  }

  #subscribed(subscription: Watching): void {
    if (!this.#subscribing.delete(subscription)) return;
    subscription.answered = true;
    subscription.notified = true;
    this.#operations += 1;
    this.#ms.subscribe.add(performance.now() - subscription.since);
    this.#onSubscribed?.();
  }
}

function newLamp(id: number): LampId {
  return { id, watchers: 0, change: 0, busy: false, since: 0, told: 0, accepted: true, open: false };
}

function after(ms: number): () => boolean {
  const end = performance.now() + ms;
  return () => performance.now() >= end;
}
