import type { Flow } from '../../ports/edge.ts';
import type { PassedOn, Siblings } from '../../ports/siblings.ts';
import type { ByteString } from '../../sip/message.ts';
import { workerMark, workerOfBranch, workerOfDialog } from '../../sip/worker-mark.ts';
import type { EdgeCount } from './inbound.ts';

/** Hands datagrams to the worker that they are for; a process that is alone has none to hand to. */
export class Passing {
  /** What our branches and tags begin with; '' for a process that is alone. */
  readonly mark: ByteString;
  readonly #siblings: Siblings | null;
  readonly #count: (name: EdgeCount) => void;

  constructor(siblings: Siblings | null, count: (name: EdgeCount) => void) {
    this.#siblings = siblings;
    this.#count = count;
    this.mark = siblings === null ? '' : workerMark(siblings.worker);
  }

  /** From now on `take` has what others pass on. */
  start(take: (datagram: PassedOn) => void): void {
    this.#siblings?.receive(take);
  }

  /** Takes a response that belongs to no transaction here, and counts what becomes of it. */
  response(branch: ByteString, text: ByteString): void {
    const worker = this.#otherThan(workerOfBranch(branch));
    if (worker === null) this.#count('unmatched_response');
    else this.#count(this.#passOn(worker, { text, flow: null }) ? 'passed_on' : 'worker_gone');
  }

  /** Takes a request that came in a datagram; false if it is to be served here. */
  request(text: ByteString, flow: Flow): boolean {
    if (this.#siblings === null) return false;
    const worker = this.#otherThan(workerOfDialog(text));
    // A worker that is gone does not miss its subscription: whoever hears the phone takes that.
    if (worker === null || !this.#passOn(worker, { text, flow })) return false;
    this.#count('passed_on');
    return true;
  }

  #otherThan(worker: number | null): number | null {
    return this.#siblings === null || worker === this.#siblings.worker ? null : worker;
  }

  #passOn(worker: number, datagram: PassedOn): boolean {
    return this.#siblings?.passOn(worker, datagram) === true;
  }
}
