import type { BeatAnswer, NodeClaim, NodeSelf, Nodes } from '../../ports/nodes.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

/** Who lives, in Redis; see the port for what each method gives. */
export class RedisNodes implements Nodes {
  readonly #connection: Connection;
  readonly #keys: Keys;

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
    return { ok: ok === 1, claimed: claimed === 1, signs };
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
