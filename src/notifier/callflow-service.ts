import type { Callflow, Json, Seat } from '../callflow/callflow.ts';
import type { CallflowProblem } from '../callflow/problem.ts';
import type { RunRecord } from '../callflow/run.ts';
import type { LampStatus } from '../presence/lamp.ts';
import type { Resource } from '../presence/resource.ts';

/** A callflow with what its check says. */
export interface CheckedCallflow {
  readonly callflow: Callflow;
  readonly problems: readonly CallflowProblem[];
}

/** How a save ended. */
export type SaveOutcome =
  | ({ readonly kind: 'saved' } & CheckedCallflow)
  /** The document cannot be one, or has errors; nothing was written. */
  | { readonly kind: 'refused'; readonly problems: readonly CallflowProblem[] }
  /** Somebody saved meanwhile; nothing was written. */
  | { readonly kind: 'stale'; readonly rev: number }
  | { readonly kind: 'gone' };

/** What to run a flow with, when no call does. */
export interface RunRequest {
  readonly number?: string;
  readonly caller?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** A run that is over, and the lamps that it moved. */
export interface RunResult {
  readonly run: RunRecord;
  readonly lamps: readonly { readonly resource: Resource; readonly status: LampStatus }[];
}

/** What the HTTP side may ask about callflows. `grants`: realms that the caller's token has, `*` for all. */
export interface CallflowService {
  list(realm: string): Promise<readonly CheckedCallflow[]>;
  get(realm: string, id: string): Promise<CheckedCallflow | null>;
  create(realm: string, document: unknown): Promise<SaveOutcome>;
  /** `document.rev` is the rev it was read at. */
  save(realm: string, id: string, document: unknown): Promise<SaveOutcome>;
  remove(realm: string, id: string, rev: number): Promise<'ok' | 'stale' | 'gone'>;
  check(realm: string, document: unknown): Promise<readonly CallflowProblem[]>;
  run(realm: string, id: string, request: RunRequest): Promise<RunResult | null>;
  /** Runs one block by itself, for an engine that owns the call; null: there is no such module. */
  act(
    realm: string,
    module: string,
    what: { data: Json; grants: readonly string[] },
  ): Promise<RunResult | null>;
  runs(realm: string, id: string, limit: number): Promise<readonly RunRecord[]>;
  seats(realm: string): Promise<readonly Seat[]>;
  /** `rev` 0 creates. */
  saveSeat(seat: Seat): Promise<'ok' | 'stale' | 'gone'>;
  removeSeat(realm: string, id: string): Promise<'ok' | 'stale' | 'gone'>;
}
