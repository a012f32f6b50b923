import { fieldEnd, fieldValue } from './header-fields.ts';
import { canonicalName } from './header-name.ts';
import type { ByteString } from './message.ts';
import { contentLength } from './parse.ts';
import { skipBlanks, tokenEnd } from './token.ts';

/** What came out of a stream. */
export type FramerEvent =
  /** One whole message, for `parseMessage`. */
  | { readonly kind: 'message'; readonly text: ByteString }
  /** A double CRLF between messages: to be answered with one CRLF at once (RFC 5626 §4.4.1). */
  | { readonly kind: 'keepalive' }
  /** The stream cannot be read any further. `head` can be parsed to answer with `status`; null: there is none. */
  | {
      readonly kind: 'fault';
      readonly status: 400 | 413 | 513;
      readonly reason: string;
      readonly head: ByteString | null;
    };

/** Bounds of one message, in octets. */
export interface FramerLimits {
  /** Start line and header fields. */
  readonly headOctets: number;
  readonly bodyOctets: number;
}

const CR = 0x0d;
const LF = 0x0a;
/** Pieces of one message that are kept before they are joined. */
const MOST_PIECES = 256;

/**
 * Cuts a stream into messages (RFC 3261 §18.3). Every octet is looked at once, however the stream is chopped;
 * what is kept is bounded by the limits. After a fault it stays silent.
 */
export class StreamFramer {
  readonly #limits: FramerLimits;
  #state: 'between' | 'head' | 'body' | 'dead' = 'between';
  /** What has come of the message so far, not joined before it is whole. */
  #pieces: ByteString[] = [];
  /** What was joined of it already, before the pieces. */
  #blocks: ByteString[] = [];
  #octets = 0;
  /** Line ends heard since the last message. */
  #lineEnds = 0;
  /** Whether the current line of the head has held anything but CR. */
  #lineEmpty = true;
  #bodyMissing = 0;

  constructor(limits: FramerLimits) {
    this.#limits = limits;
  }

  /** Whether a message has begun that is not whole yet. */
  get partial(): boolean {
    return this.#state === 'head' || this.#state === 'body';
  }

  /** Takes the next octets and gives what they complete, in order. */
  push(chunk: ByteString): readonly FramerEvent[] {
    const events: FramerEvent[] = [];
    let at = 0;
    while (at < chunk.length && this.#state !== 'dead') at = this.#step(chunk, at, events);
    return events;
  }

  /** Takes octets from `at` as far as the state lasts; gives the index of the first one not taken. */
  #step(chunk: ByteString, at: number, events: FramerEvent[]): number {
    if (this.#state === 'between') return this.#skipLineEnds(chunk, at, events);
    if (this.#state === 'head') return this.#takeHead(chunk, at, events);
    return this.#takeBody(chunk, at, events);
  }

  #skipLineEnds(chunk: ByteString, from: number, events: FramerEvent[]): number {
    for (let at = from; at < chunk.length; at += 1) {
      const code = chunk.charCodeAt(at);
      if (code === LF) this.#countLineEnd(events);
      else if (code !== CR) return this.#startHead(at);
    }
    return chunk.length;
  }

  #countLineEnd(events: FramerEvent[]): void {
    this.#lineEnds += 1;
    if (this.#lineEnds % 2 === 0) events.push({ kind: 'keepalive' });
  }

  #startHead(at: number): number {
    this.#state = 'head';
    this.#pieces = [];
    this.#octets = 0;
    this.#lineEmpty = true;
    return at;
  }

  #takeHead(chunk: ByteString, from: number, events: FramerEvent[]): number {
    const end = this.#headEnd(chunk, from);
    this.#keep(chunk.slice(from, end === -1 ? chunk.length : end));
    if (this.#octets > this.#limits.headOctets) {
      this.#die(events, { status: 513, reason: 'Message Too Large', head: null });
    } else if (end !== -1) {
      this.#startBody(events);
    }
    return end === -1 ? chunk.length : end;
  }

  /** The index behind the empty line that ends the head, or -1 when it is not in this chunk. */
  #headEnd(chunk: ByteString, from: number): number {
    for (let at = from; at < chunk.length; at += 1) {
      const code = chunk.charCodeAt(at);
      if (code === LF) {
        if (this.#lineEmpty) return at + 1;
        this.#lineEmpty = true;
      } else if (code !== CR) {
        this.#lineEmpty = false;
      }
    }
    return -1;
  }

  #startBody(events: FramerEvent[]): void {
    const head = this.#join();
    const length = bodyLength(head);
    if (length === null) {
      this.#die(events, { status: 400, reason: 'Malformed Content-Length', head });
    } else if (length > this.#limits.bodyOctets) {
      this.#die(events, { status: 413, reason: 'Request Entity Too Large', head });
    } else {
      this.#pieces = [head];
      this.#bodyMissing = length;
      this.#state = 'body';
      this.#finishIfWhole(events);
    }
  }

  #takeBody(chunk: ByteString, from: number, events: FramerEvent[]): number {
    const end = Math.min(chunk.length, from + this.#bodyMissing);
    this.#keep(chunk.slice(from, end));
    this.#bodyMissing -= end - from;
    this.#finishIfWhole(events);
    return end;
  }

  #finishIfWhole(events: FramerEvent[]): void {
    if (this.#bodyMissing > 0) return;
    events.push({ kind: 'message', text: this.#join() });
    this.#lineEnds = 0;
    this.#state = 'between';
  }

  #keep(piece: ByteString): void {
    // A peer that sends octet by octet must not cost an object for each.
    if (this.#pieces.length >= MOST_PIECES) this.#blocks.push(this.#joinPieces());
    this.#pieces.push(piece);
    this.#octets += piece.length;
  }

  /** All that was kept, which is kept no longer. */
  #join(): ByteString {
    const whole = this.#blocks.join('') + this.#joinPieces();
    this.#blocks = [];
    return whole;
  }

  #joinPieces(): ByteString {
    const joined = this.#pieces.join('');
    this.#pieces = [];
    return joined;
  }

  #die(events: FramerEvent[], fault: Omit<Extract<FramerEvent, { kind: 'fault' }>, 'kind'>): void {
    events.push({ kind: 'fault', ...fault });
    this.#join();
    this.#state = 'dead';
  }
}

/** The octets of body that a head announces: 0 without Content-Length; null when that is malformed or repeated. */
function bodyLength(head: ByteString): number | null {
  const values: ByteString[] = [];
  let at = head.indexOf('\n') + 1;
  for (let end = fieldEnd(head, at); end !== -1; end = fieldEnd(head, at)) {
    const nameEnd = tokenEnd(head, at);
    const colon = skipBlanks(head, nameEnd);
    // Only names as long as a spelling of Content-Length are worth a look: this runs for every message.
    if ((nameEnd - at === 14 || nameEnd - at === 1) && head[colon] === ':') {
      if (canonicalName(head.slice(at, nameEnd)) === 'content-length')
        values.push(fieldValue(head, colon + 1, end));
    }
    at = end + 1;
  }
  return values.length === 0 ? 0 : contentLength(values);
}
