import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';

/**
 * The user parts with a board in a realm: a sorted set in lexicographic order. It is on another node of a Cluster
 * than the boards, so it is written first, may name boards that are gone, and is repaired when it is read.
 */
export class RealmIndex {
  readonly #connection: Connection;
  readonly #keys: Keys;

  constructor(connection: Connection, keys: Keys) {
    this.#connection = connection;
    this.#keys = keys;
  }

  /** Adds user parts. */
  async add(realm: string, users: readonly string[]): Promise<void> {
    const members = users.flatMap((user) => [0, user]);
    await this.#connection.guard(this.#connection.client.zadd(this.#keys.realm(realm), ...members));
  }

  /** At most `limit` user parts after `after`, by UTF-8 octets. */
  async page(realm: string, after: string | null, limit: number): Promise<readonly string[]> {
    const from = after === null ? '-' : `(${after}`;
    const { client } = this.#connection;
    return this.#connection.guard(client.zrangebylex(this.#keys.realm(realm), from, '+', 'LIMIT', 0, limit));
  }

  /** Takes user parts out. */
  async remove(realm: string, users: readonly string[]): Promise<void> {
    await this.#connection.guard(this.#connection.client.zrem(this.#keys.realm(realm), ...users));
  }
}
