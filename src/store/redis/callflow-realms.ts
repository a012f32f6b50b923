import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';

/**
 * The realms that have callflows: a set. It is on another node of a Cluster than the callflows, so it is written
 * first, may name realms that have none any more, and is repaired when it is read.
 */
export class CallflowRealms {
  readonly #connection: Connection;
  readonly #keys: Keys;

  constructor(connection: Connection, keys: Keys) {
    this.#connection = connection;
    this.#keys = keys;
  }

  /** Notes a realm. */
  async add(realm: string): Promise<void> {
    await this.#connection.guard(this.#connection.client.sadd(this.#keys.callflowRealms(), realm));
  }

  /** The realms that have callflows now. */
  async list(): Promise<readonly string[]> {
    const realms = await this.#connection.guard(
      this.#connection.client.smembers(this.#keys.callflowRealms()),
    );
    const inUse = new Set(await this.#inUse(realms));
    const empty = realms.filter((realm) => !inUse.has(realm));
    if (empty.length === 0) return realms;
    return [...inUse, ...(await this.#forget(empty))];
  }

  /** Takes realms out, and puts those in again that got a callflow between our reading and our removing. */
  async #forget(realms: readonly string[]): Promise<readonly string[]> {
    const { client } = this.#connection;
    await this.#connection.guard(client.srem(this.#keys.callflowRealms(), ...realms));
    const back = await this.#inUse(realms);
    for (const realm of back) await this.add(realm);
    return back;
  }

  async #inUse(realms: readonly string[]): Promise<readonly string[]> {
    const { client } = this.#connection;
    const found = await this.#connection.guard(
      Promise.all(realms.map((realm) => client.exists(this.#keys.callflows(realm)))),
    );
    return realms.filter((_, index) => found[index] === 1);
  }
}
