import cluster, { type Worker } from 'node:cluster';
import { endUnclaimed } from './end-unclaimed.ts';
import type { ToPrimary, ToWorker, WorkerOrders, WorkerUp } from './message.ts';
import { restartWaitMs, type WorkerInput, type WorkerState, workerStep } from './worker-machine.ts';

/** How a worker's process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What a worker's process is told to whoever looks after it. */
export interface MemberOptions {
  readonly orders: WorkerOrders;
  said(member: Member, message: ToPrimary): void;
  /** The state has changed; `exit`: how its process ended, if that is why. */
  turned(member: Member, exit: Exit | null): void;
}

/** A worker that says nothing for so many looks, one a second, is stuck: far more than the longest pause of a process that works. */
const SILENT_LOOKS = 15;
/** What a new process has besides: on a busy machine it takes long until it runs. */
const LOADING_LOOKS = 60;
/** How long a worker may take to end in order, in ms: NOTIFYs in flight have 2 s, HTTP requests as well. */
const END_MS = 10_000;
/** A worker that lived so long did not die of how it was started, in ms. */
const GROWN_MS = 60_000;

/** One place in the crew of a machine: a worker's process, and the next one when that dies. */
export class Member {
  state: WorkerState = 'waiting';
  /** What its process has opened; null until it is up. */
  up: WorkerUp | null = null;
  /** Where datagrams for it are passed on to; null while there is nobody. */
  lane: number | null = null;
  readonly #options: MemberOptions;
  #process: Worker | null = null;
  #silentLooks = 0;
  #startedAt = 0;
  #diedYoung = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: MemberOptions) {
    this.#options = options;
  }

  get number(): number {
    return this.#options.orders.worker;
  }

  /** Starts its first process. */
  start(): void {
    this.#step('due');
  }

  /** Asks it to end in order. */
  stop(): void {
    this.#step('stop');
  }

  /** To be called once a second: a process that is stuck is ended. Counted, not measured: whoever looks may have been halted too. */
  look(): void {
    if (this.#process === null) return;
    this.#silentLooks += 1;
    if (this.#silentLooks > SILENT_LOOKS) this.#step('silent');
  }

  say(message: ToWorker): void {
    if (this.#process?.isConnected() === true) this.#process.send(message);
  }

  #step(input: WorkerInput, exit: Exit | null = null): void {
    const { next, action } = workerStep(this.state, input);
    const turned = next !== this.state;
    this.state = next;
    switch (action) {
      case 'none':
      case 'announce':
        break;
      case 'retry':
        this.#retry();
        break;
      case 'start':
        this.#fork();
        break;
      case 'ask':
        this.say({ kind: 'stop' });
        this.#wake(END_MS);
        break;
      case 'end':
        this.#silentLooks = 0;
        this.#process?.process.kill('SIGKILL');
        break;
    }
    if (next === 'gone') clearTimeout(this.#timer);
    if (turned) this.#options.turned(this, exit);
  }

  #fork(): void {
    const child = cluster.fork();
    endUnclaimed(child);
    this.#process = child;
    this.#silentLooks = -LOADING_LOOKS;
    this.#startedAt = performance.now();
    child.on('message', (message: ToPrimary) => this.#hear(message));
    child.on('exit', (code: number | null, signal: string | null) => this.#exited({ code, signal }));
    // A pipe to a process that has just died: its exit follows.
    child.on('error', () => {});
    this.say({ kind: 'start', orders: this.#options.orders });
  }

  #hear(message: ToPrimary): void {
    this.#silentLooks = 0;
    if (message.kind === 'lane') this.lane = message.port;
    if (message.kind === 'up') this.up = message.up;
    this.#options.said(this, message);
    if (message.kind === 'up') this.#step('ready');
  }

  #exited(exit: Exit): void {
    this.#process = null;
    this.lane = null;
    this.up = null;
    this.#step('exited', exit);
  }

  #retry(): void {
    this.#wake(restartWaitMs(this.#diedYoung));
    const isYoung = performance.now() - this.#startedAt < GROWN_MS;
    this.#diedYoung = isYoung ? this.#diedYoung + 1 : 0;
  }

  #wake(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#step('due'), ms);
  }
}
