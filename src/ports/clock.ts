/** Time, as the application sees it. Tests pass one that they move by hand. */
export interface Clock {
  /** Wall-clock time in ms since the epoch: for what is stored. */
  now(): number;
  /** Calls `task` once after `ms`; the function returned cancels it. Keeps no process alive by itself. */
  after(ms: number, task: () => void): () => void;
}
