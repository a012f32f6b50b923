import type { ByteString } from '../../sip/message.ts';
import { copyOf } from './copy-of.ts';
import type { LeanRequest } from './lean-request.ts';

/**
 * Longer than any transaction: drachtio-server answers by itself after 64*T1 (32 s), and the edge gives up after 36 s.
 * What has no answer by then never gets one.
 */
const TURN_TICKS = 40;

/** Requests that drachtio-server has sent, by the name of their transaction, until their final response. */
export class SentRequests {
  #young = new Map<string, LeanRequest>();
  /** Those of the turn before: they go all at once, so that no request needs a time of its own. */
  #old = new Map<string, LeanRequest>();
  #ticks = 0;

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  add(transaction: ByteString, request: LeanRequest): void {
    this.#young.set(copyOf(transaction), request);
  }

  /** The request whose final response has come; null for one that is not known (any more). */
  take(transaction: ByteString): LeanRequest | null {
    const young = this.#young.get(transaction);
    if (young !== undefined) {
      this.#young.delete(transaction);
      return young;
    }
    const old = this.#old.get(transaction) ?? null;
    this.#old.delete(transaction);
    return old;
  }

  /** Once a second. */
  tick(): void {
    this.#ticks += 1;
    if (this.#ticks % TURN_TICKS !== 0) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
