import type { Target } from './phase.ts';

/** A server under test that runs. */
export interface Running {
  readonly target: Target;
  /** The name of the process in `target.processes` whose figures count. */
  readonly server: string;
  /** Its Redis; null: it has none. */
  readonly redisUrl: string | null;
  stop(): Promise<void>;
}

/** What can be measured, in the order in which it is. */
export const PARTS = ['api', 'subscribe', 'notify', 'fewer', 'crowd', 'memory'] as const;

/**
 * `api`: changes that nobody watches; `subscribe`: SUBSCRIBE and refresh; `notify`: 100 watchers on each changed presence
 * ID; `fewer`: 50 and 1; `crowd`: one change to 10,000 watchers; `memory`: with many subscriptions, and CPU for each NOTIFY then.
 */
export type Part = (typeof PARTS)[number];

/** Something that can be measured. */
export interface Contestant {
  readonly name: string;
  /** What is special about how it was run. */
  readonly note: string;
  /** Why it cannot be measured here; null: it can. */
  readonly missing: string | null;
  /** What is measured of it. */
  readonly parts: readonly Part[];
  start(): Promise<Running>;
}
