import type { Callflow, Seat } from '../callflow/callflow.ts';
import type { RunRecord } from '../callflow/run.ts';

/** How an optimistic write ended. `stale`: the stored rev is another one; nothing was written. `gone`: no such document. */
export type SaveResult = 'ok' | 'stale' | 'gone';

/** The tables of callflows, seats and runs. Durable when a promise resolves; STORE_AWAY rejects it. */
export interface Callflows {
  /** Every callflow of a realm, by name. */
  list(realm: string): Promise<readonly Callflow[]>;
  get(realm: string, id: string): Promise<Callflow | null>;
  /** Stores `callflow` (whose `rev` is `expectedRev + 1`) if the stored rev is `expectedRev`; 0 creates. */
  save(callflow: Callflow, expectedRev: number): Promise<SaveResult>;
  remove(realm: string, id: string, expectedRev: number): Promise<SaveResult>;
  /** A number that differs after any change of the realm's callflows by any node: to keep a cache. */
  stamp(realm: string): Promise<number>;
  /** Realms that have callflows: for the schedule. */
  realms(): Promise<readonly string[]>;
  seats(realm: string): Promise<readonly Seat[]>;
  saveSeat(seat: Seat, expectedRev: number): Promise<SaveResult>;
  removeSeat(realm: string, id: string): Promise<SaveResult>;
  /** Keeps a record; the newest 100 of each callflow stay. */
  addRun(run: RunRecord): Promise<void>;
  /** Newest first. */
  runs(realm: string, callflowId: string, limit: number): Promise<readonly RunRecord[]>;
  /** True for the first of all nodes that claims `key`; it stays claimed for `ms`. */
  claim(key: string, ms: number): Promise<boolean>;
  /** The last time up to which the schedule of a realm was done, ms since the epoch; null: never. */
  scheduledUntil(realm: string): Promise<number | null>;
  setScheduledUntil(realm: string, until: number): Promise<void>;
}
