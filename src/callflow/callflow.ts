/** JSON as it is stored: what a document may hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One block of a flow with what hangs below its exits. */
export interface FlowNode {
  /** The name of the action: `manual_presence`. */
  readonly module: string;
  /** The action's own settings, kept as they are. */
  readonly data: Readonly<Record<string, Json>>;
  /** Exit name to the next block; `_` is the default exit. */
  readonly children: Readonly<Record<string, FlowNode>>;
  /** Keys of the block that this engine does not know, kept as they are; absent: there are none. */
  readonly rest?: Readonly<Record<string, Json>>;
}

/** A callflow, the document that a Kazoo user knows. A value; saving makes a new one with `rev` one higher. */
export interface Callflow {
  readonly id: string;
  readonly name: string;
  readonly realm: string;
  /** Extensions and phone numbers that reach it, exactly as dialled; `no_match` takes what nothing else takes. */
  readonly numbers: readonly string[];
  /** Regular expressions (RE2) over the dialled number; a capture group becomes the capture of the run. */
  readonly patterns: readonly string[];
  /** The id of the seat it is assigned to, or null. */
  readonly seat: string | null;
  /** Null: nothing is drawn yet. */
  readonly flow: FlowNode | null;
  /** When it runs by itself; empty: never. */
  readonly schedule: readonly ScheduleEntry[];
  /** Keys of the document that this engine does not know, kept as they are. */
  readonly rest: Readonly<Record<string, Json>>;
  /** Grows by one with each save; 0 before the first. */
  readonly rev: number;
}

/** One time at which a flow runs by itself, every week. */
export interface ScheduleEntry {
  /** 1 (Monday) to 7 (Sunday). */
  readonly weekdays: readonly number[];
  /** `HH:MM`, wall clock of `timeZone`. */
  readonly at: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** Whom a callflow can be assigned to. */
export interface Seat {
  readonly id: string;
  readonly realm: string;
  readonly name: string;
  readonly extension: string;
  /** The presence ID of the seat's phone. */
  readonly presenceId: string;
  readonly rev: number;
}
