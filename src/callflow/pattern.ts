/** Where a pattern was found in a text. */
export interface PatternMatch {
  /** The part of the text that the whole pattern covers. */
  readonly whole: string;
  /** What each capture group holds, in order; empty text for a group that took no part. */
  readonly groups: readonly string[];
  /** The named ones among them. */
  readonly named: Readonly<Record<string, string>>;
}

/** Finds a compiled pattern in a text, in time linear in its length; null: it is not there. */
export type Matcher = (text: string) => PatternMatch | null;

/**
 * Compiles a regular expression (RE2 syntax); null when it is none. Passed in by the shell: the engine itself never
 * runs a pattern of a document, because a backtracking one could take for ever on a call. Never throws.
 */
export type Compile = (pattern: string) => Matcher | null;
