import type { BeatAnswer, NodeClaim, NodeSelf, Nodes } from '../../ports/nodes.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

/** Who lives, in Redis; see the port for what each method gives. */
export class RedisNodes implements Nodes {
  readonly #connection: Connection;
  readonly #keys: Keys;
  /** The number of the newest sign of each process here. */
  readonly #counts = new Map<string, number>();

  constructor(connection: Connection, keys: Keys) {
    this.#connection = connection;
    this.#keys = keys;
  }

  async beat({ node, instance }: NodeSelf, instead: string | null): Promise<BeatAnswer> {
    // The script's head says what it returns.
    const [ok, claimed, ...pairs] = (await this.#connection.script(scripts.nodeBeat, this.#keysOf(node), [
      node,
      instance,
      instead ?? '',
    ])) as [number, number, ...string[]];
    const signs = new Map<string, string>();
    for (let at = 0; at < pairs.length; at += 2) signs.set(pairs[at] ?? '', pairs[at + 1] ?? '');
    const lost = ok === 1 && this.#isLost(instance, signs.get(node) ?? '');
    return { ok: ok === 1, lost, claimed: claimed === 1, signs };
  }

  /** The sign is `<instance> <count>`, and the count goes up by one for as long as Redis keeps it. */
  #isLost(instance: string, sign: string): boolean {
    const before = this.#counts.get(instance) ?? 0;
    const count = Number(sign.slice(instance.length + 1));
    this.#counts.set(instance, count);
    return count <= before;
  }

  async leave({ node, instance }: NodeSelf): Promise<void> {
    await this.#connection.script(scripts.nodeLeave, [this.#keys.signs()], [node, instance]);
  }

  async claim({ node, sign, by }: NodeClaim, ms: number): Promise<boolean> {
    const args = [node, sign, by, ms];
    return (await this.#connection.script(scripts.nodeClaim, this.#keysOf(node), args)) === 1;
  }

  async release({ node, sign, by }: NodeClaim, forget: boolean): Promise<void> {
    await this.#connection.script(scripts.nodeRelease, this.#keysOf(node), [node, sign, by, forget ? 1 : 0]);
  }

  #keysOf(node: string): readonly string[] {
    return [this.#keys.signs(), this.#keys.nodeClaim(node)];
  }
}
