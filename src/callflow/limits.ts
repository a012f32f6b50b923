/** What a document may be at most; beyond it is refused. Far above what people draw, far below what hurts. */
export const DOCUMENT_LIMITS = {
  /** Blocks of one flow. */
  blocks: 500,
  /** Blocks in a row from the first to the last. */
  depth: 64,
  /** Nested values anywhere in the document. */
  nesting: 400,
  /** Values, plus characters of all keys and texts. */
  size: 524_288,
  name: 128,
  numbers: 200,
  /** Characters of a number. */
  number: 64,
  patterns: 50,
  /** Characters of a pattern. */
  pattern: 256,
  /** Instructions of a pattern, and of all patterns of a document: 1 ms, and some 50 ms, to compile. */
  patternSize: 300,
  patternsSize: 8000,
  schedule: 50,
  /** Characters of a module's or exit's name. */
  key: 128,
} as const;

/** What a run may do at most; then it ends as `too-long`. */
export const RUN_LIMITS = {
  /** Blocks passed, those of callflows jumped to included. */
  steps: 500,
  /** Jumps to a callflow. */
  jumps: 16,
  /** Of all sleeps together. */
  sleepMs: 600_000,
  variables: 64,
  /** Characters of the name or value of a variable; a longer value is cut. */
  variable: 1024,
} as const;
