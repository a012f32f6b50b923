/** Something about a callflow that an administrator should know. */
export interface CallflowProblem {
  /** `error`: it cannot be saved. `warning`: it can, but it will not do what it seems to. */
  readonly severity: 'error' | 'warning';
  /** Stable, lower case with dashes: `unknown-module`, `missing-id`, `number-clash`, `loop` ... */
  readonly code: string;
  /** For people, one sentence without a full stop. */
  readonly message: string;
  /** Where: exits from the first block (`[]` is the first block itself); null: the callflow as a whole. */
  readonly path: readonly string[] | null;
}
