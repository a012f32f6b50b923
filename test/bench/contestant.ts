import type { Target } from './phase.ts';

/** A server under test that runs. */
export interface Running {
  readonly target: Target;
  /** The name of the process in `target.processes` whose figures count. */
  readonly server: string;
  stop(): Promise<void>;
}

/** Something that can be measured. */
export interface Contestant {
  readonly name: string;
  /** What is special about how it was run. */
  readonly note: string;
  /** Why it cannot be measured here; null: it can. */
  readonly missing: string | null;
  start(): Promise<Running>;
}
