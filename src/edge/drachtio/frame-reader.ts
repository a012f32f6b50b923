import type { ByteString } from '../../sip/message.ts';

/** More digits than the length of any message of drachtio-server has. */
const MOST_DIGITS = 6;

const ZERO = 48;

/**
 * Cuts what drachtio-server writes into its messages: `<octets>#<message>`, with nothing between. A message that comes
 * in pieces is put together once, when all of it is there.
 */
export class FrameReader {
  readonly #take: (message: ByteString) => void;
  /** What is there of a message that is not whole. */
  #pieces: ByteString[] = [];
  #held = 0;
  /** How much must be held for it to be whole; 0: its length is not known yet. */
  #wanted = 0;

  /** `take` gets each message, without its length, during `push`. */
  constructor(take: (message: ByteString) => void) {
    this.#take = take;
  }

  /** False when something is there that is no length: nothing behind it means anything. */
  push(chunk: ByteString): boolean {
    this.#pieces.push(chunk);
    this.#held += chunk.length;
    return this.#held < this.#wanted || this.#cut(this.#joined());
  }

  #joined(): ByteString {
    const text = this.#pieces.length === 1 ? (this.#pieces[0] ?? '') : this.#pieces.join('');
    this.#pieces = [];
    return text;
  }

  #cut(text: ByteString): boolean {
    let at = 0;
    while (at < text.length) {
      const hash = text.indexOf('#', at);
      // The length itself may be cut in two.
      if (hash === -1 && text.length - at <= MOST_DIGITS) return this.#keep(text.slice(at), 0);
      const octets = lengthIn(text, at, hash);
      if (octets === null) return false;
      const end = hash + 1 + octets;
      if (end > text.length) return this.#keep(text.slice(at), end - at);
      this.#take(text.slice(hash + 1, end));
      at = end;
    }
    return this.#keep('', 0);
  }

  #keep(rest: ByteString, wanted: number): true {
    if (rest !== '') this.#pieces.push(rest);
    this.#held = rest.length;
    this.#wanted = wanted;
    return true;
  }
}

/** The number between two places of a text; null when there is none, or too long a one. */
function lengthIn(text: ByteString, from: number, to: number): number | null {
  if (to <= from || to - from > MOST_DIGITS) return null;
  let number = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return null;
    number = number * 10 + digit;
  }
  return number;
}
