/** Sources that are remembered at most; then all are forgotten, and may be told of once more. */
const REMEMBERED = 1000;

/** Tells the first time something comes from a source: hostile input must not fill the log. */
export class OncePerSource {
  readonly #seen = new Set<string>();

  /** True the first time. */
  isNew(source: string): boolean {
    if (this.#seen.has(source)) return false;
    if (this.#seen.size >= REMEMBERED) this.#seen.clear();
    this.#seen.add(source);
    return true;
  }
}
