import type { ByteString } from '../sip/message.ts';
import type { Flow } from './edge.ts';

/** A datagram that came to one worker and is another one's. */
export interface PassedOn {
  readonly text: ByteString;
  /** Where it came from, for a request; a response needs none. */
  readonly flow: Flow | null;
}

/** The other processes on this machine that share our UDP port: the system gives each datagram to any one of them. */
export interface Siblings {
  /** The number of this worker, from 1: what its branches and tags name. */
  readonly worker: number;
  /** Hands a datagram to the worker it is for; false when there is none of this number now. Like all datagrams it may get lost. */
  passOn(worker: number, datagram: PassedOn): boolean;
  /** From now on `take` has what the others pass on. It must not be passed on again. */
  receive(take: (datagram: PassedOn) => void): void;
}
