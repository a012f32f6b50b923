import { LEFT } from '../ports/nodes.ts';

/** A node whose sign has not changed for so long is lost, in ms: heartbeats come each second. */
const LOST_MS = 3_500;
/** Longer than this between two looks: whoever looks was itself not there, in ms. */
const BLIND_MS = 2_500;

/** A node that gives no sign of life any more. */
export interface LostNode {
  readonly node: string;
  readonly sign: string;
}

/** What one node has seen of the others, by its own steady clock: their clocks, and that of the store, do not count. */
export class Peers {
  #looked = Number.NEGATIVE_INFINITY;
  #seen = new Map<string, { readonly sign: string; readonly since: number }>();

  /** Takes the signs that were read at `now`, steady ms. After a pause all are as if they were new. */
  look(signs: ReadonlyMap<string, string>, now: number): void {
    const blind = now - this.#looked > BLIND_MS;
    this.#looked = now;
    const before = this.#seen;
    this.#seen = new Map();
    for (const [node, sign] of signs) {
      const known = before.get(node);
      const same = !blind && known?.sign === sign;
      this.#seen.set(node, same ? known : { sign, since: now });
    }
  }

  /** The nodes that are lost, as of the last look. */
  lost(): readonly LostNode[] {
    return [...this.#seen]
      .filter(([, seen]) => this.#isLost(seen))
      .map(([node, { sign }]) => ({ node, sign }));
  }

  /** The nodes that are not, in the same order on each of them. */
  living(): readonly string[] {
    return [...this.#seen]
      .filter(([, seen]) => !this.#isLost(seen))
      .map(([node]) => node)
      .sort();
  }

  /** False for a node that is lost, or was never seen, as of the last look. */
  lives(node: string): boolean {
    const seen = this.#seen.get(node);
    return seen !== undefined && !this.#isLost(seen);
  }

  #isLost({ sign, since }: { readonly sign: string; readonly since: number }): boolean {
    return sign === LEFT || this.#looked - since >= LOST_MS;
  }
}
