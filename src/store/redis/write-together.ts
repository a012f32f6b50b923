import type { Redis } from 'ioredis';

type Stream = Redis['stream'];

/**
 * Lets commands that are sent in one turn of the event loop leave in one write: ioredis writes each by itself, and a
 * system call for each is dear (three commands at once cost 19 us of CPU each instead of 36, twenty 13 instead of 19).
 */
export class WriteTogether {
  #held: Stream | null = null;
  readonly #letGo = (): void => {
    this.#held?.uncork();
    this.#held = null;
  };

  /** To be called before a command is sent on `stream`. */
  hold(stream: Stream | undefined): void {
    if (stream === undefined || stream === this.#held) return;
    // A new connection in the same turn: the old one has nothing more to send.
    if (this.#held === null) setImmediate(this.#letGo);
    else this.#held.uncork();
    stream.cork();
    this.#held = stream;
  }
}
