import {
  type BeatAnswer,
  instanceOf,
  LEFT,
  type NodeClaim,
  type NodeSelf,
  type Nodes,
} from '../../ports/nodes.ts';

/** The nodes of a store that is for one process: they are as short-lived as that. */
export class EmbeddedNodes implements Nodes {
  readonly #signs = new Map<string, string>();
  readonly #claims = new Map<string, { readonly by: string; readonly until: number }>();
  #count = 0;

  async beat({ node, instance }: NodeSelf, instead: string | null): Promise<BeatAnswer> {
    const sign = this.#signs.get(node);
    const before = instanceOf(sign ?? LEFT);
    const ok = before === '' || before === instance || sign === instead;
    this.#count += 1;
    if (ok) this.#signs.set(node, `${instance} ${this.#count}`);
    return { ok, lost: false, claimed: this.#claimantOf(node) !== '', signs: new Map(this.#signs) };
  }

  async leave({ node, instance }: NodeSelf): Promise<void> {
    if (instanceOf(this.#signs.get(node) ?? LEFT) === instance) this.#signs.set(node, LEFT);
  }

  async claim({ node, sign, by }: NodeClaim, ms: number): Promise<boolean> {
    const claimant = this.#claimantOf(node);
    const changed = this.#signs.get(node) !== sign;
    if (changed && claimant === by) this.#claims.delete(node);
    if (changed || (claimant !== '' && claimant !== by)) return false;
    this.#claims.set(node, { by, until: performance.now() + ms });
    return true;
  }

  async release({ node, sign, by }: NodeClaim, forget: boolean): Promise<void> {
    if (this.#claimantOf(node) !== by) return;
    this.#claims.delete(node);
    if (forget && this.#signs.get(node) === sign) this.#signs.delete(node);
  }

  /** Who has the claim; '' for nobody. */
  #claimantOf(node: string): string {
    const claim = this.#claims.get(node);
    return claim !== undefined && claim.until > performance.now() ? claim.by : '';
  }
}
