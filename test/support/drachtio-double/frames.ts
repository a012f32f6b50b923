/** The octets that drachtio-server keeps of an application's stream, and reads at once. */
const RING_OCTETS = 12_228;
const READ_OCTETS = 8192;

/** One message with its length, as both sides write it. */
export function frame(text: string): string {
  return `${Buffer.byteLength(text)}#${text}`;
}

/**
 * Cuts what an application writes into messages, with the faults of the real reader: after a read that finds no
 * room the stream is `broken`; a message longer than the ring makes it `stuck` for ever, without a word.
 */
export class FrameReader {
  state: 'good' | 'broken' | 'stuck' = 'good';
  #pending = Buffer.alloc(0);

  push(chunk: Buffer): readonly string[] {
    const messages: string[] = [];
    for (let at = 0; at < chunk.length && this.state === 'good'; at += READ_OCTETS) {
      const piece = chunk.subarray(at, at + READ_OCTETS);
      if (this.#pending.length + piece.length > RING_OCTETS) this.state = this.#overflow();
      else this.#pending = Buffer.concat([this.#pending, piece]);
      this.#cut(messages);
    }
    return messages;
  }

  #overflow(): 'broken' | 'stuck' {
    const length = Number(this.#pending.toString('latin1', 0, this.#pending.indexOf('#')));
    return length > RING_OCTETS - 6 ? 'stuck' : 'broken';
  }

  #cut(messages: string[]): void {
    while (this.state === 'good' && this.#pending.length > 0) {
      const hash = this.#pending.subarray(0, 7).indexOf('#');
      const digits = this.#pending.toString('latin1', 0, hash === -1 ? 6 : hash);
      // At most five digits.
      if (!/^\d{0,5}$/.test(digits) || hash === 0) {
        this.state = 'broken';
        return;
      }
      const end = hash + 1 + Number(digits);
      if (hash === -1 || this.#pending.length < end) return;
      messages.push(this.#pending.toString('utf8', hash + 1, end));
      this.#pending = this.#pending.subarray(end);
    }
  }
}
