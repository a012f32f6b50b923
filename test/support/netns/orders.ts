import type { Settings } from '../lamplighter-process.ts';
import type { Place } from '../phone-wire.ts';

/** What an agent does in its namespace. */
export type Order =
  | { readonly kind: 'start redis' }
  | { readonly kind: 'start lamplighter'; readonly settings: Settings }
  | { readonly kind: 'kill lamplighter' }
  | { readonly kind: 'set'; readonly id: string; readonly status: 'idle' | 'ringing' | 'busy' }
  /** A phone at an address of the namespace watches an ID. */
  | { readonly kind: 'subscribe'; readonly id: string; readonly from: string; readonly server: Place }
  | { readonly kind: 'refresh'; readonly id: string }
  | { readonly kind: 'show'; readonly id: string };

/** What a phone shows, and what it has heard so far. */
export interface Shown {
  readonly lamp: string;
  readonly notifies: number;
  /** CSeq and version grew with each NOTIFY, in the order of CSeq, and none ended the subscription. */
  readonly isOneDialog: boolean;
}

/** What each kind of order gives. */
export interface Results {
  /** The port of the server. */
  readonly 'start redis': number;
  readonly 'start lamplighter': null;
  readonly 'kill lamplighter': null;
  readonly set: null;
  /** The status of the final response. */
  readonly subscribe: number;
  readonly refresh: number;
  readonly show: Shown;
}

/** The answer to each order. */
export type Reply = { readonly result: Results[keyof Results] } | { readonly error: string };
