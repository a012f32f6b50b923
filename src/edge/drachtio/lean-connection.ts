import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Clock } from '../../ports/clock.ts';
import type { ByteString } from '../../sip/message.ts';
import type { DrachtioServer } from './drachtio-server.ts';
import { endSocket } from './end-socket.ts';
import { FrameReader } from './frame-reader.ts';
import { isRequest, type LeanMessage, onceMore } from './lean-request.ts';
import { Outbox } from './outbox.ts';
import { SentRequests } from './sent-requests.ts';
import { statusOf, tokenOf } from './server-message.ts';

/** What happens on a lean connection. */
export interface LeanEvents {
  /** Requests can be sent. */
  ready(): void;
  /** Requests cannot be sent any more, and nothing that was sent is answered any more. */
  away(): void;
  trouble(what: string, error: unknown): void;
}

/**
 * What the one thread of drachtio-server that speaks SIP finds waiting, it does before it reads the next datagram. With
 * more than this it falls behind with the answers of the phones, the kernel drops them, and it sends its NOTIFYs again: in
 * turns, as fast as it went with 400 on their way, 64 gave 140 to 1,560 NOTIFYs/s, most of them sent twice or more; 16 220
 * to 3,450; 8 2,600 to 3,700 with one of 600 sent again, 6 2,400 to 2,700 and 4 3,000 to 3,200 with none, its thread 62 to
 * 77 % busy.
 */
const WINDOW = 6;

const TICK_MS = 1000;
const PING_TICKS = 5;
/** Two pings went unanswered. */
const SILENT_TICKS = 12;
/** A message that drachtio-server reads is confirmed within milliseconds; a stuck stream confirms nothing ever. */
const STUCK_TICKS = 6;
const RETRY_MS = [250, 500, 1000] as const;
const READ_OCTETS = 65_536;

/**
 * A connection to drachtio-server that sends requests and hears their responses, and that carries the answers to what was
 * heard on another: it asks for no verbs, so that nothing is handed over on it. Together they keep their order. All is
 * octets, written and read by hand. It connects again whenever it is lost. Measured in turns, the edge alone took 70 to
 * 75 us for a NOTIFY on it where drachtio-srf took 257, and 320 to 410 us for a SUBSCRIBE with its 200, NOTIFY and the 200
 * to that where it took 455 to 625 with the answers sent by drachtio-srf.
 */
export class LeanConnection {
  readonly #server: DrachtioServer;
  readonly #clock: Clock;
  readonly #events: LeanEvents;
  readonly #outbox = new Outbox<LeanMessage>({ window: WINDOW, write: (message) => this.#write(message) });
  readonly #read = Buffer.allocUnsafeSlow(READ_OCTETS);
  /** Those that drachtio-server has not confirmed, by the number in their message ids, which are used again. */
  readonly #asked: (LeanMessage | null)[] = Array<LeanMessage | null>(WINDOW).fill(null);
  readonly #askedAt: number[] = Array<number>(WINDOW).fill(0);
  readonly #free: number[] = Array.from({ length: WINDOW }, (_, number) => number);
  readonly #sent = new SentRequests();
  /** drachtio-server has one table of message ids for all its applications: this makes ours unlike theirs. */
  #prefix = '';
  #reader = new FrameReader(() => {});
  #socket: Socket | null = null;
  #ready = false;
  #stopped = false;
  #failures = 0;
  #requests = 0;
  #ticks = 0;
  #heardAt = 0;
  /** What is written at the end of this turn, in one piece. */
  #unwritten: ByteString = '';
  #reading = false;
  #cancelTick: () => void = () => {};
  #cancelRetry: () => void = () => {};

  constructor(server: DrachtioServer, clock: Clock, events: LeanEvents) {
    this.#server = server;
    this.#clock = clock;
    this.#events = events;
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** How many requests were written since the start. */
  get requests(): number {
    return this.#requests;
  }

  /** Messages that wait until drachtio-server has room. */
  get waiting(): number {
    return this.#outbox.waiting;
  }

  /** True while a response to something may come. */
  get busy(): boolean {
    return this.#outbox.busy || this.#sent.size > 0;
  }

  /** Connects, and connects again whenever the connection is lost, until `stop`. */
  connect(): void {
    if (this.#socket !== null || this.#stopped) return;
    const { host, port } = this.#server;
    const callback = (octets: number) => this.#hear(octets);
    const onread = { buffer: this.#read, callback };
    const socket = connect({ host, port, noDelay: true, keepAlive: true, onread });
    this.#socket = socket;
    socket.once('connect', () => this.#logIn());
    socket.on('error', (error) => this.#events.trouble('Cannot connect to', error));
    socket.once('close', () => this.#onClose());
  }

  /**
   * Sends a message when drachtio-server has room for it, in the order of calls. A request is lost without a word with the
   * connection. An answer, whose request was heard on the other one, waits for the next: drachtio-server takes it there.
   */
  post(message: LeanMessage): void {
    if (this.#ready || (!isRequest(message) && !this.#stopped)) this.#outbox.post(message);
  }

  /** Closes the connection once what was written is on the wire, and does not come back. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#ready = false;
    this.#cancelRetry();
    this.#cancelTick();
    this.#flush();
    this.#outbox.close();
    await endSocket(this.#socket, this.#clock);
  }

  #logIn(): void {
    this.#prefix = `${randomBytes(6).toString('hex')}.`;
    this.#reader = new FrameReader((message) => this.#take(message));
    this.#heardAt = this.#ticks;
    this.#scheduleTick();
    this.#writeFrame(`${this.#prefix}login|authenticate|${this.#server.secret}|`);
  }

  /** Puts a message under a free number into what is written next. */
  #write(posted: LeanMessage): boolean {
    const text = posted.take();
    const number = text === '' ? undefined : this.#free.pop();
    if (number === undefined) return false;
    if (isRequest(posted)) this.#requests += 1;
    this.#asked[number] = posted;
    this.#askedAt[number] = this.#ticks;
    this.#writeFrame(`${this.#prefix}${number}${text}`);
    return true;
  }

  #writeFrame(message: ByteString): void {
    // All of a turn in one write: a board with many watchers then costs one system call for several of them.
    if (this.#unwritten === '' && !this.#reading) process.nextTick(this.#flush);
    this.#unwritten += `${message.length}#${message}`;
  }

  readonly #flush = (): void => {
    const octets = this.#unwritten;
    this.#unwritten = '';
    if (octets !== '') this.#socket?.write(octets, 'latin1');
  };

  /** Reads what has come; what it makes us write leaves together. */
  #hear(octets: number): boolean {
    this.#heardAt = this.#ticks;
    this.#reading = true;
    const isSound = this.#reader.push(this.#read.toString('latin1', 0, octets));
    this.#reading = false;
    if (isSound) this.#flush();
    else this.#fail('Cannot read from', 'a message without its length');
    return isSound;
  }

  #take(message: ByteString): void {
    const kind = tokenOf(message, 1);
    if (kind === 'sip') this.#takeResponse(message);
    else if (kind === 'response') this.#takeAnswer(message, tokenOf(message, 2));
  }

  #takeAnswer(message: ByteString, id: string): void {
    if (!id.startsWith(this.#prefix)) return;
    const name = id.slice(this.#prefix.length);
    if (name === 'login') this.#loggedIn(message);
    const number = Number(name);
    const posted = this.#asked[number] ?? null;
    if (posted === null) return;
    this.#asked[number] = null;
    this.#free.push(number);
    if (tokenOf(message, 3) === 'OK') {
      if (isRequest(posted)) this.#sent.add(tokenOf(message, 10), posted);
      posted.sent(message);
    } else {
      posted.refused(tokenOf(message, 4));
    }
    this.#outbox.received();
  }

  #loggedIn(message: ByteString): void {
    if (tokenOf(message, 3) !== 'OK') {
      this.#fail('Cannot log in to', tokenOf(message, 4));
      return;
    }
    this.#failures = 0;
    this.#ready = true;
    this.#outbox.open();
    this.#events.ready();
  }

  #takeResponse(message: ByteString): void {
    if (statusOf(message) >= 200) this.#sent.take(tokenOf(message, 8))?.answered(message);
  }

  #fail(what: string, reason: string): void {
    this.#events.trouble(what, new Error(reason));
    this.#socket?.destroy();
  }

  #onClose(): void {
    const wasReady = this.#ready;
    this.#socket = null;
    this.#ready = false;
    this.#cancelTick();
    this.#forget();
    if (this.#stopped) return;
    const wait = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)] ?? 0;
    this.#failures += 1;
    this.#cancelRetry = this.#clock.after(wait, () => this.connect());
    if (wasReady) this.#events.away();
  }

  /** Nothing is on its way any more; answers that may not have arrived, or waited, are what the next connection begins with. */
  #forget(): void {
    const waited = this.#outbox.close();
    if (!this.#stopped) {
      // In any order: each is of a transaction of its own, or a 180 whose 200 makes it needless. None a third time: it
      // may be what ends the connections.
      for (const asked of this.#asked)
        if (asked !== null && !isRequest(asked) && !asked.isRepeated) this.#outbox.post(onceMore(asked));
      for (const message of waited) if (!isRequest(message)) this.#outbox.post(message);
    }
    this.#unwritten = '';
    this.#sent.clear();
    this.#asked.fill(null);
    this.#free.length = 0;
    for (let number = 0; number < WINDOW; number += 1) this.#free.push(number);
  }

  #scheduleTick(): void {
    this.#cancelTick = this.#clock.after(TICK_MS, () => this.#tick());
  }

  /** Counted in ticks, not in ms: after a stall of our own event loop there is one, and time to read first. */
  #tick(): void {
    this.#ticks += 1;
    const silent = this.#ticks - this.#heardAt;
    if (silent > SILENT_TICKS || this.#isStuck()) {
      this.#fail('No answer from', 'it has not confirmed what was sent');
      return;
    }
    this.#sent.tick();
    if (this.#ready && silent >= PING_TICKS && !this.#outbox.busy)
      this.#writeFrame(`${this.#prefix}ping|ping`);
    this.#scheduleTick();
  }

  #isStuck(): boolean {
    return this.#asked.some((request, number) => {
      return request !== null && this.#ticks - (this.#askedAt[number] ?? 0) >= STUCK_TICKS;
    });
  }
}
